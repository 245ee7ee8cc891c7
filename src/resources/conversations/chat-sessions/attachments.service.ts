import { Inject, Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { CONFIG, type Config } from '../../../core/config/config.js';
import { Database } from '../../../core/database/database.js';
import { LinkSigner, type SignedQuery } from '../../../core/encryption/link-signer.js';
import { notFound } from '../../../core/errors/core-errors.js';
import { Files } from '../../../kit/files/files.service.js';
import type { ChatAttachment } from './chat-attachment.entity.js';

/** Long enough to show the page of the history that has the link. */
const LINK_SECONDS = 15 * 60;

const READ = 'SELECT name, content, file_id FROM chat_attachments WHERE id = $1 AND url IS NULL';

export interface AttachedFile {
  readonly name: string;
  readonly content: Buffer | Readable;
}

/** Serves attachments that are stored here, by expiring links that the history contains. */
@Injectable()
export class Attachments {
  constructor(
    private readonly database: Database,
    private readonly links: LinkSigner,
    private readonly files: Files,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
  ) {}

  linkTo(id: string, forSeconds: number = LINK_SECONDS): string {
    return this.config.publicUrl + this.links.sign(pathOf(id.replaceAll('-', '')), forSeconds);
  }

  /** @throws AppError not_found (404), also for an expired link and an invalid signature; storage_unavailable (503) */
  async open(mediaId: string, query: SignedQuery): Promise<AttachedFile> {
    // A signed value is a valid id.
    const isAllowed = this.links.allows(pathOf(mediaId), query);
    const [found] = isAllowed ? (await this.database.query(READ, [mediaId])).rows : [];
    if (!found) throw notFound('Media');
    const { name, content, file_id: fileId } = found as Pick<ChatAttachment, 'name' | 'content' | 'file_id'>;
    return { name, content: fileId === null ? content! : await this.files.read(fileId) };
  }
}

const pathOf = (mediaId: string) => `/media/${mediaId}`;
