import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { Files, type NewFile } from '../../../kit/files/files.service.js';
import { StorageTotals } from '../../../kit/files/storage-totals.js';
import { ChatAttachment } from './chat-attachment.entity.js';
import type { Sender } from './chat-event.entity.js';
import { ChatHistory } from './chat-history.service.js';
import type { ChatSession } from './chat-session.entity.js';
import { keyOf } from './chat-sessions.service.js';
import type { NewMessage } from './send-message.dto.js';

export interface StoredMessage {
  readonly id: string;
  readonly attachments: readonly Pick<ChatAttachment, 'id' | 'name' | 'url'>[];
}

export interface MessageToStore extends Pick<NewMessage, 'text' | 'attachments'> {
  /** Of a form. */
  readonly files?: readonly NewFile[];
}

/** Adds messages with their attachments to the history. */
@Injectable()
export class MessageStore {
  constructor(
    private readonly history: ChatHistory,
    private readonly totals: StorageTotals,
    private readonly files: Files,
  ) {}

  /** @throws AppError storage_full (409) */
  async add(
    manager: EntityManager,
    session: ChatSession,
    { text = '', attachments = [], files = [] }: MessageToStore,
    sender: Sender,
    context?: object,
  ): Promise<StoredMessage> {
    const id = await this.history.append(manager, {
      ...keyOf(session),
      type: 'message',
      sender,
      text,
      ...(context && { context }),
    });
    const listed = attachments.map(({ name, mime_type, url = null, base64 }) => {
      const content = base64 === undefined ? null : Buffer.from(base64, 'base64');
      return { name, mime_type, url, content, file_id: null };
    });
    const received = files.map(({ id: file_id, name, media_type: mime_type }) => {
      return { name, mime_type, url: null, content: null, file_id };
    });
    const keys = { org_id: session.org_id, event_id: id };
    const rows = [...listed, ...received].map((attachment) => ({ ...attachment, ...keys, id: uuidV7() }));
    for (const file of files) await this.files.keep(manager, file);
    await manager.insert(ChatAttachment, rows);
    const bytes = rows.reduce((sum, { content }) => sum + (content?.length ?? 0), 0);
    await this.totals.add(manager, session.org_id, bytes);
    return { id, attachments: rows };
  }
}
