import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../core/config/config.js';
import { Database } from '../../../core/database/database.js';
import { LinkSigner, type SignedQuery } from '../../../core/encryption/link-signer.js';
import { notFound } from '../../../core/errors/core-errors.js';

/** Time enough to show the page of history that has it. */
const LINK_SECONDS = 15 * 60;

const READ = 'SELECT name, content FROM chat_attachments WHERE id = $1 AND content IS NOT NULL';

export interface AttachedFile {
  readonly name: string;
  readonly content: Buffer;
}

/** What came with messages as bytes: read by a link that whoever reads the history is given, and that expires. */
@Injectable()
export class Attachments {
  constructor(
    private readonly database: Database,
    private readonly links: LinkSigner,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
  ) {}

  linkTo(id: string): string {
    return this.config.publicUrl + this.links.sign(pathOf(id.replaceAll('-', '')), LINK_SECONDS);
  }

  /** @throws AppError not_found (404), of a link that has expired or that nobody signed too */
  async open(mediaId: string, query: SignedQuery): Promise<AttachedFile> {
    // What was signed is an id.
    const isAllowed = this.links.allows(pathOf(mediaId), query);
    const [found] = isAllowed ? (await this.database.query(READ, [mediaId])).rows : [];
    if (!found) throw notFound('Media');
    return { name: found['name'] as string, content: found['content'] as Buffer };
  }
}

const pathOf = (mediaId: string) => `/media/${mediaId}`;
