import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { WithinOrg } from '../../../access/principal/principal.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { DomainEventBus } from '../../../kit/domain-events/domain-event-bus.js';
import { chatSessionErrors } from './chat-sessions.errors.js';
import { ChatHistory } from './chat-history.service.js';
import type { HandOffSessionDto } from './chat-session.dto.js';
import type { ChatSession } from './chat-session.entity.js';
import { ChatSessions, keyOf } from './chat-sessions.service.js';
import { Handoff } from './handoff.entity.js';
import type { Wire } from '../../../core/wire/wire-json.js';

@Injectable()
export class Handoffs {
  constructor(
    private readonly sessions: ChatSessions,
    private readonly history: ChatHistory,
    private readonly events: DomainEventBus,
  ) {}

  /** @throws AppError not_found (404), already_handed_off (409) */
  async handOff(org: WithinOrg, sessionId: string, dto: HandOffSessionDto): Promise<Wire<ChatSession>> {
    return this.sessions.change(org, sessionId, async (manager, session) => {
      if (session.is_handed_off) throw chatSessionErrors.already_handed_off();
      await this.record(manager, session, dto);
    });
  }

  /** Does nothing if the session is handed off. @returns whether it wasn't @throws AppError not_found (404) */
  async ensureHandedOff(org: WithinOrg, sessionId: string, dto: HandOffSessionDto): Promise<boolean> {
    return this.sessions.whileLocked(org, sessionId, async (manager, session) => {
      if (session.is_handed_off) return false;
      await this.record(manager, session, dto);
      return true;
    });
  }

  /** The session must be locked, and not handed off yet. */
  async record(manager: EntityManager, session: ChatSession, dto: HandOffSessionDto): Promise<void> {
    const handoffId = uuidV7();
    const reasons = dto.reasons.toSorted();
    await manager.insert(Handoff, {
      id: handoffId,
      org_id: session.org_id,
      session_id: session.id,
      reasons,
      summary: dto.summary,
      explanation: dto.explanation,
      sentiment: session.sentiment,
    });
    await this.sessions.set(manager, session, { is_handed_off: true });
    await this.sessions.awaitPerson(manager, session);
    await this.history.append(manager, { ...keyOf(session), type: 'handoff', context: { reasons } });
    await this.events.emit(manager, { name: 'conversation.handoff_to_human', ...keyOf(session), handoffId, reasons });
  }
}
