import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../../access/principal/principal.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { DomainEventBus } from '../../../kit/domain-events/domain-event-bus.js';
import { invalidField, invalidRequest } from '../../../core/errors/invalid-request.js';
import { StorageTotals } from '../../../kit/files/storage-totals.js';
import { Blocklist } from '../../directory/blocklist/blocklist.service.js';
import { type Asked, AutoReplies } from './auto-replies.js';
import type { AgentMessageSent, ContactMessageSent } from './chat-answers.js';
import { ChatAttachment } from './chat-attachment.entity.js';
import type { Sender } from './chat-event.entity.js';
import { ChatHistory } from './chat-history.service.js';
import type { ChatSession } from './chat-session.entity.js';
import { ChatSessions, keyOf } from './chat-sessions.service.js';
import { validateMessage } from './validate-message.js';
import type { NewMessage, SendMessageDto } from './send-message.dto.js';
import { isSessionData, SESSION_DATA_SENTENCE, type SessionData } from './session-data.js';
import { SessionContacts } from './session-contacts.service.js';
import { whyNoAnswer } from './why-no-answer.js';

/** The response, and the message that the AI has to answer, if any. */
export interface Sent {
  readonly answer: AgentMessageSent | ContactMessageSent;
  readonly asked?: Asked;
}

/** Stores messages of contacts and agents. An answer of the AI comes later. */
@Injectable()
export class ChatMessages {
  constructor(
    private readonly sessions: ChatSessions,
    private readonly history: ChatHistory,
    private readonly contacts: SessionContacts,
    private readonly blocklist: Blocklist,
    private readonly events: DomainEventBus,
    private readonly autoReplies: AutoReplies,
    private readonly totals: StorageTotals,
  ) {}

  /** Reopens a closed session. @throws AppError not_found (404), invalid_request (400), storage_full (409) */
  async send(principal: Principal, id: string, dto: SendMessageDto): Promise<Sent> {
    const problems = validateMessage(dto);
    if (problems.length > 0) throw invalidRequest(problems);
    return this.sessions.whileLocked(principal, id, async (manager, session) => {
      const wasClosed = session.status !== 'open';
      await this.sessions.reopen(manager, session);
      await this.sessions.set(manager, session, { custom_data: mergedData(session, dto) });
      const isFromAgent = dto.sender === 'agent';
      return isFromAgent
        ? { answer: await this.#fromAgent(manager, session, dto) }
        : this.#fromContact(manager, session, dto, wasClosed);
    });
  }

  async #fromAgent(manager: EntityManager, session: ChatSession, dto: SendMessageDto): Promise<AgentMessageSent> {
    if (dto.should_take_over_session_from_ai && !session.is_handed_off) {
      await this.sessions.set(manager, session, { is_handed_off: true });
      await this.history.append(manager, { ...keyOf(session), type: 'human_agent_takeover' });
    }
    const id = await this.#store(manager, session, dto.message, { type: 'agent', ...dto.agent });
    await this.events.emit(manager, { name: 'conversation.replied', ...keyOf(session) });
    return { success: true, data: { message: { id } } };
  }

  async #fromContact(
    manager: EntityManager,
    session: ChatSession,
    dto: SendMessageDto,
    wasClosed: boolean,
  ): Promise<Sent> {
    const mode = await this.autoReplies.modeOf(manager, session.org_id, session.channel_type);
    // The AI answers a reopened session first. Without it, the session goes back to the person who had it.
    if (wasClosed && mode.enabled) await this.sessions.set(manager, session, { assignee_id: null });
    const said = dto.contact;
    const contactId = said ? await this.contacts.learn(manager, session, said) : session.contact_id;
    if (contactId !== session.contact_id) await this.sessions.set(manager, session, { contact_id: contactId });
    const messageId = await this.#store(manager, session, dto.message, {
      type: 'contact',
      name: said?.name,
      avatar_url: said?.avatar_url,
    });
    const code = await whyNoAnswer(this.blocklist, manager, session);
    const data = { success: true, ...(code && { code }), session_is_handed_off: session.is_handed_off };
    const answer = { success: true, data };
    const asked = { ...keyOf(session), messageId, channel: session.channel_type };
    if (code === 'session_assigned_to_human_agent' && mode.assist_enabled) {
      await this.#draftFor(manager, asked, contactId);
    }
    return code === undefined && mode.enabled ? { answer, asked } : { answer };
  }

  async #draftFor(manager: EntityManager, asked: Asked, contactId: string | null): Promise<void> {
    if (contactId !== null && (await this.blocklist.isBlocked(manager, asked.orgId, contactId))) return;
    await this.autoReplies.enqueueDraft(manager, asked);
  }

  async #store(manager: EntityManager, session: ChatSession, message: NewMessage, sender: Sender): Promise<string> {
    const { text = '', attachments = [] } = message;
    const id = await this.history.append(manager, { ...keyOf(session), type: 'message', sender, text });
    if (attachments.length === 0) return id;
    const rows = attachments.map(({ name, mime_type, url, base64 }) => ({
      id: uuidV7(),
      org_id: session.org_id,
      event_id: id,
      name,
      mime_type,
      url: url ?? null,
      content: base64 === undefined ? null : Buffer.from(base64, 'base64'),
    }));
    await manager.insert(ChatAttachment, rows);
    const bytes = rows.reduce((sum, { content }) => sum + (content?.length ?? 0), 0);
    await this.totals.add(manager, session.org_id, bytes);
    return id;
  }
}

/** @throws AppError invalid_request (400) if the result has too many keys */
function mergedData(session: ChatSession, { custom_data }: SendMessageDto): SessionData {
  const merged = { ...session.custom_data, ...custom_data };
  if (!isSessionData(merged)) throw invalidField('custom_data', `custom_data ${SESSION_DATA_SENTENCE}`);
  return merged;
}
