import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../../access/principal/principal.js';
import { DomainEventBus } from '../../../kit/domain-events/domain-event-bus.js';
import { invalidField, invalidRequest } from '../../../core/errors/invalid-request.js';
import type { IncomingForm } from '../../../core/http/incoming-form.js';
import { Files, type NewFile } from '../../../kit/files/files.service.js';
import { Blocklist } from '../../directory/blocklist/blocklist.service.js';
import { type Asked, AutoReplies } from './auto-replies.js';
import type { AgentMessageSent, ContactMessageSent } from './chat-answers.js';
import { ChatHistory } from './chat-history.service.js';
import type { ChatSession } from './chat-session.entity.js';
import { ChatSessions, keyOf } from './chat-sessions.service.js';
import { MessageStore, type MessageToStore } from './message-store.service.js';
import { OutgoingMessages } from './outgoing-messages.service.js';
import { validateMessage } from './validate-message.js';
import { MESSAGE_WITH_FILES, type SendMessageDto } from './send-message.dto.js';
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
    private readonly store: MessageStore,
    private readonly outgoing: OutgoingMessages,
    private readonly files: Files,
  ) {}

  /** Sends a message with files. @throws AppError as `send` and `Files.receiveAll` */
  async receive(principal: Principal, id: string, form: IncomingForm): Promise<Sent> {
    // Fails before the upload. `send` refuses a session that is deleted meanwhile.
    await this.sessions.read(principal, id);
    return this.files.receiveAll(form, principal.orgId, MESSAGE_WITH_FILES, ({ files, fields }) =>
      this.send(principal, id, fields, files),
    );
  }

  /** Reopens a closed session. @throws AppError not_found (404), invalid_request (400), storage_full (409) */
  async send(principal: Principal, id: string, dto: SendMessageDto, files: readonly NewFile[] = []): Promise<Sent> {
    const problems = validateMessage(dto, files.length);
    if (problems.length > 0) throw invalidRequest(problems);
    return this.sessions.whileLocked(principal, id, async (manager, session) => {
      const wasClosed = session.status !== 'open';
      await this.sessions.reopen(manager, session);
      const isFromAgent = dto.sender === 'agent';
      await this.sessions.set(manager, session, {
        custom_data: mergedData(session, dto),
        ...(isFromAgent && { reply_due_since: null }),
      });
      const message = { ...dto.message, files };
      return isFromAgent
        ? { answer: await this.#fromAgent(manager, session, dto, message) }
        : this.#fromContact(manager, session, dto, message, wasClosed);
    });
  }

  async #fromAgent(
    manager: EntityManager,
    session: ChatSession,
    dto: SendMessageDto,
    message: MessageToStore,
  ): Promise<AgentMessageSent> {
    if (dto.should_take_over_session_from_ai && !session.is_handed_off) {
      await this.sessions.set(manager, session, { is_handed_off: true });
      await this.history.append(manager, { ...keyOf(session), type: 'human_agent_takeover' });
    }
    const id = await this.outgoing.send(manager, session, message, { type: 'agent', ...dto.agent });
    await this.events.emit(manager, { name: 'conversation.replied', ...keyOf(session) });
    return { success: true, data: { message: { id } } };
  }

  async #fromContact(
    manager: EntityManager,
    session: ChatSession,
    dto: SendMessageDto,
    message: MessageToStore,
    wasClosed: boolean,
  ): Promise<Sent> {
    const mode = await this.autoReplies.modeOf(manager, session.org_id, session.channel_type);
    // The AI answers a reopened session first. Without it, the session goes back to the person who had it.
    if (wasClosed && mode.enabled) await this.sessions.set(manager, session, { assignee_id: null });
    const said = dto.contact;
    const contactId = said ? await this.contacts.learn(manager, session, said) : session.contact_id;
    if (contactId !== session.contact_id) {
      await this.sessions.set(manager, session, { contact_id: contactId });
      await this.sessions.publishChange(manager, session);
    }
    const { id: messageId } = await this.store.add(manager, session, message, {
      type: 'contact',
      name: said?.name,
      avatar_url: said?.avatar_url,
    });
    const code = await whyNoAnswer(this.blocklist, manager, session);
    const data = { success: true, ...(code && { code }), session_is_handed_off: session.is_handed_off };
    const answer = { success: true, data };
    const asked = { ...keyOf(session), messageId, channel: session.channel_type };
    const isOwned = code === 'session_assigned_to_human_agent';
    if (isOwned || (code === undefined && !mode.enabled)) await this.sessions.awaitPerson(manager, session);
    const assist_mode = isOwned && mode.assist_enabled;
    if (assist_mode !== session.assist_mode) await this.sessions.set(manager, session, { assist_mode });
    if (assist_mode) await this.#draftFor(manager, asked, contactId);
    return code === undefined && mode.enabled ? { answer, asked } : { answer };
  }

  async #draftFor(manager: EntityManager, asked: Asked, contactId: string | null): Promise<void> {
    if (contactId !== null && (await this.blocklist.isBlocked(manager, asked.orgId, contactId))) return;
    await this.autoReplies.enqueueDraft(manager, asked);
  }
}

/** @throws AppError invalid_request (400) if the result has too many keys */
function mergedData(session: ChatSession, { custom_data }: SendMessageDto): SessionData {
  const merged = { ...session.custom_data, ...custom_data };
  if (!isSessionData(merged)) throw invalidField('custom_data', `custom_data ${SESSION_DATA_SENTENCE}`);
  return merged;
}
