import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import { instantAsText } from '../../../core/database/row-as-json.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { notFound } from '../../../core/errors/core-errors.js';
import type { PageRequest } from '../../../kit/lists/list-queries.js';
import { PreparedPages } from '../../../kit/lists/prepared-pages.js';
import { DomainEventBus } from '../../../kit/domain-events/domain-event-bus.js';
import { Attachments } from './attachments.service.js';
import { ChatEvent, type ChatEventType, type Sender } from './chat-event.entity.js';
import { mailKeySql } from './mail-key.js';
import type { Page, Wire, WireJson } from '../../../core/wire/wire-json.js';

export interface SessionKey {
  readonly orgId: string;
  readonly sessionId: string;
}

export interface NewEvent extends SessionKey {
  readonly type: ChatEventType;
  readonly sender?: Sender;
  readonly text?: string;
  readonly context?: object;
}

/** A message, and the session that it was sent in. */
export interface MessageKey extends SessionKey {
  readonly messageId: string;
}

export interface Said {
  readonly id: string;
  readonly sender: Sender['type'];
  readonly text: string;
}

const REPLY = `
  SELECT id, text FROM chat_events
  WHERE org_id = $1 AND session_id = $2 AND id > $3 AND type = $4 AND context @> $5`;
const HAS = `SELECT FROM chat_events WHERE org_id = $1 AND session_id = $2 AND type = $3 AND context @> $4 LIMIT 1`;
const SENDERS = `
  SELECT DISTINCT sender->>'type' AS sender FROM chat_events
  WHERE org_id = $1 AND session_id = $2 AND type = 'message'`;
const LATEST = `
  SELECT id, sender->>'type' AS sender, text FROM (
    SELECT id, sender, text FROM chat_events
    WHERE org_id = $1 AND session_id = $2 AND type = 'message' AND text <> '' AND ($3::uuid IS NULL OR id <= $3)
    ORDER BY id DESC LIMIT $4
  ) latest ORDER BY id`;

interface Attachment {
  readonly id: string;
  /** Undefined: the bytes are stored here. */
  url?: string;
}

interface ShownEvent {
  readonly event: { readonly attachments?: Attachment[] };
}

type History = Page<Wire<ShownEvent>>;

/** Messages and events of sessions, newest first. */
@Injectable()
export class ChatHistory {
  readonly #pages: PreparedPages<ShownEvent>;

  constructor(
    database: Database,
    private readonly attachments: Attachments,
    private readonly events: DomainEventBus,
  ) {
    this.#pages = new PreparedPages(database, {
      table: 'chat_events',
      item: EVENT_AS_JSON,
      filters: {},
      within: { table: 'chat_sessions', column: 'session_id' },
    });
  }

  /** @throws AppError not_found (404) */
  async list({ orgId }: Principal, sessionId: string, page: PageRequest): Promise<WireJson<History> | History> {
    const history = await this.#pages.readWithin(orgId, sessionId, page);
    if (history === undefined) throw notFound('Chat session');
    return history.text.includes('"attachments"') ? this.#withLinks(history.parse()) : history;
  }

  /** The latest texts up to a message, oldest first. */
  latestMessages(
    manager: EntityManager,
    { orgId, sessionId, messageId }: MessageKey,
    messagesMax: number,
  ): Promise<Said[]> {
    return manager.query(LATEST, [orgId, sessionId, messageId, messagesMax]);
  }

  /** The latest texts, oldest first. */
  allMessages(manager: EntityManager, { orgId, sessionId }: SessionKey, messagesMax: number): Promise<Said[]> {
    return manager.query(LATEST, [orgId, sessionId, null, messagesMax]);
  }

  /** Whether the session has an entry with this context. */
  async has(
    manager: EntityManager,
    { orgId, sessionId }: SessionKey,
    type: ChatEventType,
    context: object,
  ): Promise<boolean> {
    const values = [orgId, sessionId, type, context];
    return ((await manager.query(HAS, values)) as unknown[]).length > 0;
  }

  /** The kinds of senders of the messages. */
  async sendersOf(manager: EntityManager, { orgId, sessionId }: SessionKey): Promise<Sender['type'][]> {
    const rows = (await manager.query(SENDERS, [orgId, sessionId])) as { sender: Sender['type'] }[];
    return rows.map(({ sender }) => sender);
  }

  /** The event that was appended with the context `{reply_to: messageId}`. */
  async findReply(
    manager: EntityManager,
    { orgId, sessionId, messageId }: MessageKey,
    type: ChatEventType,
  ): Promise<{ id: string; text: string } | undefined> {
    const values = [orgId, sessionId, messageId, type, { reply_to: messageId }];
    const [reply] = (await manager.query(REPLY, values)) as { id: string; text: string }[];
    return reply;
  }

  /** Adds signed links, which SQL cannot make. */
  #withLinks(history: History): History {
    for (const { event } of history.items) {
      for (const attachment of event.attachments ?? []) attachment.url ??= this.attachments.linkTo(attachment.id);
    }
    return history;
  }

  /** @returns the id of its session @throws AppError not_found (404) */
  async sessionOfMessage(manager: EntityManager, orgId: string, id: string): Promise<string> {
    const where = { org_id: orgId, id, type: 'message' } as const;
    const message = await manager.findOne(ChatEvent, { select: { session_id: true }, where });
    if (!message) throw notFound('Message');
    return message.session_id;
  }

  async setContext(manager: EntityManager, orgId: string, eventId: string, context: object): Promise<void> {
    await manager.update(ChatEvent, { org_id: orgId, id: eventId }, { context });
  }

  /** A message emits its event. @returns the id of the entry */
  async append(manager: EntityManager, { orgId, sessionId, type, sender, text, context }: NewEvent): Promise<string> {
    const id = uuidV7();
    await manager.insert(ChatEvent, {
      id,
      org_id: orgId,
      session_id: sessionId,
      type,
      sender: sender ?? null,
      text: text ?? null,
      context: context ?? null,
    });
    if (type === 'message') {
      const message = { orgId, sessionId, messageId: id, sender: sender!.type };
      await this.events.emit(manager, { name: 'conversation.message_added', ...message });
    }
    return id;
  }
}

/** How a message to the contact was sent on the session's channel. */
const DELIVERY = `
  CASE WHEN chat_events.type = 'csat_requested' OR chat_events.sender->>'type' IN ('agent', 'autopilot') THEN coalesce(
    (SELECT jsonb_build_object('status', status, 'reason', reason) FROM mail_messages
      WHERE mail_messages.org_id = chat_events.org_id AND mail_messages.key = ${mailKeySql('chat_events.id')}),
    (SELECT jsonb_build_object('status', status, 'reason', reason) FROM whatsapp_messages
      WHERE whatsapp_messages.org_id = chat_events.org_id AND whatsapp_messages.event_id = chat_events.id LIMIT 1),
    CASE WHEN chat_events.context ? 'not_sent'
      THEN jsonb_build_object('status', 'skipped', 'reason', chat_events.context->'not_sent') END) END`;

/** Absent values have no property: attachments of a message, the sender of an event. */
const EVENT_AS_JSON = `(SELECT row_to_json(wire)::text FROM (SELECT
    chat_events.id,
    ${instantAsText('chat_events.created_at')} AS created_at,
    jsonb_strip_nulls(jsonb_build_object(
      'type', chat_events.type,
      'sender', chat_events.sender,
      'content', CASE WHEN chat_events.text IS NOT NULL
        THEN jsonb_build_object('type', 'text', 'text', chat_events.text) END,
      'attachments', (
        SELECT jsonb_agg(jsonb_build_object('id', id, 'name', name, 'mime_type', mime_type, 'url', url) ORDER BY id)
        FROM chat_attachments
        WHERE chat_attachments.org_id = chat_events.org_id AND chat_attachments.event_id = chat_events.id),
      'delivery', ${DELIVERY}
    )) || CASE WHEN chat_events.context IS NULL THEN '{}' ELSE jsonb_build_object('context', chat_events.context) END
      AS event
  ) wire)`;
