import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../core/config/config.js';
import { Database } from '../../../core/database/database.js';
import { LinkSigner, type SignedQuery } from '../../../core/encryption/link-signer.js';
import { notFound } from '../../../core/errors/core-errors.js';

/** Long enough to show the page of the history that has the link. */
const LINK_SECONDS = 15 * 60;

const READ = 'SELECT name, content FROM chat_attachments WHERE id = $1 AND content IS NOT NULL';

export interface AttachedFile {
  readonly name: string;
  readonly content: Buffer;
}

/** Serves attachments that are stored here, by expiring links that the history contains. */
@Injectable()
export class Attachments {
  constructor(
    private readonly database: Database,
    private readonly links: LinkSigner,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
  ) {}

  linkTo(id: string, forSeconds: number = LINK_SECONDS): string {
    return this.config.publicUrl + this.links.sign(pathOf(id.replaceAll('-', '')), forSeconds);
  }

  /** @throws AppError not_found (404), also for an expired link and an invalid signature */
  async open(mediaId: string, query: SignedQuery): Promise<AttachedFile> {
    // A signed value is a valid id.
    const isAllowed = this.links.allows(pathOf(mediaId), query);
    const [found] = isAllowed ? (await this.database.query(READ, [mediaId])).rows : [];
    if (!found) throw notFound('Media');
    return { name: found['name'] as string, content: found['content'] as Buffer };
  }
}

const pathOf = (mediaId: string) => `/media/${mediaId}`;
