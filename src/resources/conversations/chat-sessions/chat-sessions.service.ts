import { Injectable } from '@nestjs/common';
import { type EntityManager, IsNull } from 'typeorm';
import type { Principal, WithinOrg } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import { inTransaction, takeTurn } from '../../../core/database/transaction.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { DomainEventBus } from '../../../kit/domain-events/domain-event-bus.js';
import { notFound } from '../../../core/errors/core-errors.js';
import { invalidField, invalidRequest } from '../../../core/errors/invalid-request.js';
import { chatSessionErrors } from './chat-sessions.errors.js';
import { WhatsAppNumber } from '../../../tenancy/whatsapp-numbers/whatsapp-number.entity.js';
import { Team } from '../../directory/teams/team.entity.js';
import { ChatHistory } from './chat-history.service.js';
import type { AssignSessionDto, CreateChatSessionDto, UpdateChatSessionDto } from './chat-session.dto.js';
import type { ChatEventType } from './chat-event.entity.js';
import { type AiClosureType, ChatSession, type ChatSessionStatus } from './chat-session.entity.js';
import { kit } from './chat-sessions.definition.js';
import { Handoff } from './handoff.entity.js';
import { validateChannel } from './validate-channel.js';
import type { Wire } from '../../../core/wire/wire-json.js';

const NEXT_TICKET_NUMBER = `
  INSERT INTO ticket_counters (org_id, last_number) VALUES ($1, 1)
  ON CONFLICT (org_id) DO UPDATE SET last_number = ticket_counters.last_number + 1
  RETURNING last_number`;

export interface Closing {
  readonly status: Exclude<ChatSessionStatus, 'open'>;
  /** Of the history's entry. */
  readonly type: ChatEventType;
  readonly context?: object;
  /** How the AI took part; null: unchanged. */
  readonly closure: AiClosureType | null;
  readonly wantsSummary: boolean;
}

@Injectable()
export class ChatSessions extends kit.Service {
  constructor(
    database: Database,
    private readonly history: ChatHistory,
    private readonly events: DomainEventBus,
  ) {
    super(database);
  }

  /** @throws AppError not_found (404) for the contact and the phone number, invalid_request (400) */
  async open({ orgId }: Principal, dto: CreateChatSessionDto): Promise<{ id: string }> {
    const problems = validateChannel(dto.channel);
    if (problems.length > 0) throw invalidRequest(problems);
    return this.#inTransaction(async (manager) => {
      const number = dto.channel?.phone_number_id;
      if (number !== undefined) await numberOrThrow(manager, orgId, number);
      return { id: await this.begin(manager, orgId, dto) };
    });
  }

  /** @returns its id */
  async begin(
    manager: EntityManager,
    orgId: string,
    { contact_id, channel, verified }: CreateChatSessionDto,
    startedBy: 'contact' | 'org' = 'contact',
  ): Promise<string> {
    await takeTurn(manager, 'ticket', orgId);
    const [{ last_number }] = (await manager.query(NEXT_TICKET_NUMBER, [orgId])) as [{ last_number: number }];
    // Created under the counter's lock, so that ids are in the order of ticket numbers.
    const id = uuidV7();
    await manager.insert(ChatSession, {
      id,
      org_id: orgId,
      ticket_number: last_number,
      channel_type: channel?.type ?? 'api',
      channel_address: channel?.address ?? channel?.phone_number_id ?? null,
      channel_subject: channel?.subject ?? null,
      is_verified: verified,
      contact_id: contact_id ?? null,
    });
    await this.events.emit(manager, { name: 'conversation.started', orgId, sessionId: id, startedBy });
    return id;
  }

  /**
   * Closing and reopening emit an event only if they change the status.
   * @throws AppError not_found (404), invalid_request (400)
   */
  async edit(principal: Principal, id: string, dto: UpdateChatSessionDto): Promise<Wire<ChatSession>> {
    const { status, session_closed_payload: payload, ticketing_system } = dto;
    if (payload !== undefined && (status === undefined || status === 'open')) {
      throw invalidField('session_closed_payload', 'session_closed_payload is only for closing a session');
    }
    return this.change(principal, id, async (manager, session) => {
      if (ticketing_system !== undefined) await this.set(manager, session, { ticketing_system });
      if (status === undefined || status === session.status) return;
      if (status === 'open') return this.reopen(manager, session);
      await this.close(manager, session, {
        status,
        type: status === 'closed_resolved' ? 'closed_resolved_by_api' : 'closed_unresolved_by_api',
        ...(payload && { context: payload }),
        closure:
          status === 'closed_resolved' && (await this.#isAnsweredByAi(manager, session)) ? 'assumed_resolved' : null,
        wantsSummary: dto.generate_summary_and_sentiment_on_resolve ?? false,
      });
    });
  }

  /** Closes a session, or changes how it is closed. */
  async close(manager: EntityManager, session: ChatSession, closing: Closing): Promise<void> {
    const { status, type, context, closure, wantsSummary } = closing;
    const { status: before } = session;
    const wasOpen = before === 'open';
    await this.set(manager, session, {
      status,
      ...(closure !== null && { ai_closure_type: closure }),
      ...(wasOpen && { closed_at: new Date(), reply_due_since: null }),
    });
    await this.history.append(manager, { ...keyOf(session), type, ...(context && { context }) });
    if (status !== before) await this.#publishStatus(manager, session, before, status);
    if (wasOpen) await this.events.emit(manager, { name: 'conversation.closed', ...keyOf(session), wantsSummary });
  }

  /** Whether the AI answered, and no person did. */
  async #isAnsweredByAi(manager: EntityManager, session: ChatSession): Promise<boolean> {
    if (session.is_handed_off || session.assignee_id !== null) return false;
    const senders = await this.history.sendersOf(manager, keyOf(session));
    return senders.includes('autopilot') && !senders.includes('agent');
  }

  /** Ends the handoff, so that the AI may answer again. Does nothing to an open session. */
  async reopen(manager: EntityManager, session: ChatSession): Promise<void> {
    const { org_id, id, status: before } = session;
    if (before === 'open') return;
    await manager.update(Handoff, { org_id, session_id: id, ended_at: IsNull() }, { ended_at: new Date() });
    await this.set(manager, session, { status: 'open', closed_at: null, is_handed_off: false, ai_closure_type: null });
    await this.#publishStatus(manager, session, before, 'open');
    await this.events.emit(manager, { name: 'conversation.reopened', ...keyOf(session) });
  }

  /** Records that a person has to answer. Does nothing if it is recorded. */
  async awaitPerson(manager: EntityManager, session: ChatSession): Promise<void> {
    if (session.reply_due_since !== null) return;
    await this.set(manager, session, { reply_due_since: new Date() });
    await this.events.emit(manager, { name: 'conversation.reply_due', ...keyOf(session) });
  }

  /** Publishes a change of what the session belongs to. */
  async publishChange(manager: EntityManager, session: ChatSession): Promise<void> {
    await this.events.emit(manager, { name: 'conversation.changed', ...keyOf(session) });
  }

  /** @throws AppError not_found (404) for the session, the user or the team, team_without_sessions (409) */
  async assign(org: WithinOrg, id: string, { user_id, team_id }: AssignSessionDto): Promise<Wire<ChatSession>> {
    return this.change(org, id, async (manager, session) => {
      if (team_id) await receivingTeamOrThrow(manager, org.orgId, team_id);
      const { assignee_id: before, team_id: teamBefore } = session;
      await this.set(manager, session, {
        ...(user_id !== undefined && { assignee_id: user_id }),
        ...(team_id !== undefined && { team_id }),
      });
      if (session.team_id !== teamBefore) await this.publishChange(manager, session);
      if (!user_id || user_id === before) return;
      await this.history.append(manager, { ...keyOf(session), type: 'human_agent_joined', context: { user_id } });
    });
  }

  /**
   * Runs a change under the lock of the session.
   * @returns the changed session
   * @throws AppError not_found (404)
   */
  async change(
    org: WithinOrg,
    id: string,
    work: (manager: EntityManager, session: ChatSession) => Promise<void>,
  ): Promise<Wire<ChatSession>> {
    return this.whileLocked(org, id, async (manager, session) => {
      await work(manager, session);
      const sql = `SELECT ${this.row}::json AS row FROM chat_sessions WHERE org_id = $1 AND id = $2`;
      const [{ row }] = (await manager.query(sql, [org.orgId, id])) as [{ row: Wire<ChatSession> }];
      return row;
    });
  }

  /** @throws AppError not_found (404) */
  async whileLocked<T>(
    { orgId }: WithinOrg,
    id: string,
    work: (manager: EntityManager, session: ChatSession) => Promise<T>,
  ): Promise<T> {
    return this.#inTransaction(async (manager) => work(manager, await this.lockOrThrow(manager, orgId, id)));
  }

  /** Locks the row until the transaction ends. @throws AppError not_found (404) */
  async lockOrThrow(manager: EntityManager, orgId: string, id: string): Promise<ChatSession> {
    const sql = 'SELECT * FROM chat_sessions WHERE org_id = $1 AND id = $2 FOR NO KEY UPDATE';
    const [session] = (await manager.query(sql, [orgId, id])) as ChatSession[];
    return session ?? this.notFound();
  }

  /** Changes a locked session, in the database and in memory. */
  async set(manager: EntityManager, session: ChatSession, values: Partial<ChatSession>): Promise<void> {
    const { org_id, id } = session;
    await manager.update(ChatSession, { org_id, id }, { ...values, updated_at: new Date() });
    Object.assign(session, values);
  }

  async #publishStatus(
    manager: EntityManager,
    session: ChatSession,
    before: ChatSessionStatus,
    status: ChatSessionStatus,
  ): Promise<void> {
    await this.events.emit(manager, { name: 'conversation.status_changed', ...keyOf(session), before, status });
  }

  #inTransaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.mapConstraintErrors(() => inTransaction(this.database.dataSource, work));
  }
}

/** The key of a session in its history and its events. */
export function keyOf({ org_id, id }: ChatSession) {
  return { orgId: org_id, sessionId: id };
}

async function numberOrThrow(manager: EntityManager, org_id: string, phone_number_id: string): Promise<void> {
  if (!(await manager.existsBy(WhatsAppNumber, { org_id, phone_number_id }))) throw notFound('Phone number');
}

/** Locks the team, so that it still receives sessions when the assignment commits. */
async function receivingTeamOrThrow(manager: EntityManager, orgId: string, id: string): Promise<void> {
  const where = { org_id: orgId, id };
  const team = await manager.findOne(Team, { where, lock: { mode: 'pessimistic_read' } });
  if (!team) throw notFound('Team');
  if (!team.is_support_enabled) throw chatSessionErrors.team_without_sessions();
}
