import { Injectable } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { Database } from '../../database/database.js';
import { isUuid } from '../../database/uuid-v7.js';
import { AppError } from '../../errors/app-error.js';

const READ = `
  SELECT content FROM chat_attachments
  JOIN chat_events ON chat_events.org_id = chat_attachments.org_id AND chat_events.id = chat_attachments.event_id
  WHERE chat_attachments.org_id = $1 AND chat_attachments.id = $2 AND session_id = $3 AND content IS NOT NULL`;

/** What came with messages as bytes. */
@Injectable()
export class Attachments {
  constructor(private readonly database: Database) {}

  /** @throws AppError not_found (404) */
  async read({ orgId }: Principal, sessionId: string, id: string): Promise<Buffer> {
    const found = isUuid(sessionId) && isUuid(id) && (await this.database.query(READ, [orgId, id, sessionId])).rows[0];
    if (!found) throw new AppError('not_found', { what: 'Attachment' });
    return found['content'] as Buffer;
  }
}
