import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor, Caller } from '../../../kit/audit/actor.js';
import { Changes, type Recorder } from '../../../kit/audit/changes.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { Files } from '../../../kit/files/files.service.js';
import {
  type Redacted,
  REDACTION_ORDER,
  REDACTION_RULES,
  type RedactionRule,
} from '../../../kit/redaction/redaction-rule.js';
import { ChatHistory } from '../chat-sessions/chat-history.service.js';
import type { ChatSession } from '../chat-sessions/chat-session.entity.js';
import { ChatSessions } from '../chat-sessions/chat-sessions.service.js';
import type { RedactionReport, RedactMessageDto, RedactSessionDto, SessionRedactionReport } from './redaction.dto.js';
import { Redaction, type RedactionType } from './redaction.entity.js';

/** Redacts for good: overwrites texts, deletes attachments, and logs neither. */
@Injectable()
export class Redactions {
  constructor(
    private readonly changes: Changes,
    private readonly sessions: ChatSessions,
    private readonly history: ChatHistory,
    private readonly files: Files,
    @Inject(REDACTION_RULES) private readonly rules: readonly RedactionRule[],
  ) {}

  /** @throws AppError not_found (404) */
  async redactMessage({ principal, actor }: Caller, dto: RedactMessageDto): Promise<RedactionReport> {
    const { message_id: id, reason } = dto;
    const { orgId } = principal;
    return this.changes.change(actor, async (manager, record) => {
      const sessionId = await this.history.sessionOfMessage(manager, orgId, id);
      const session = await this.sessions.lockOrThrow(manager, orgId, sessionId);
      const redacted = { orgId, sessionId, messageId: id, contactId: session.contact_id };
      const { messages: count } = await this.#clear(manager, redacted);
      await this.#log(manager, record, { session, actor, type: 'message', id, reason, count });
      return reportOf('message', id, count);
    });
  }

  /** Redacts its messages, its data, what its contact claimed, and the texts about it. @throws AppError not_found (404) */
  async redactSession({ principal, actor }: Caller, dto: RedactSessionDto): Promise<SessionRedactionReport> {
    const { session_id: id, reason } = dto;
    return this.changes.change(actor, async (manager, record) => {
      const session = await this.sessions.lockOrThrow(manager, principal.orgId, id);
      const redacted = { orgId: principal.orgId, sessionId: id, messageId: null, contactId: session.contact_id };
      const { messages, session: texts } = await this.#clear(manager, redacted);
      const count = messages + texts;
      await this.#log(manager, record, { session, actor, type: 'session', id, reason, count });
      return { ...reportOf('session', id, count), messages_redacted: messages };
    });
  }

  /** Runs the rules. @returns how many texts they cleared */
  async #clear(manager: EntityManager, redacted: Redacted) {
    const counts = { copies: 0, messages: 0, session: 0 };
    for (const step of REDACTION_ORDER) {
      if (step === 'session' && redacted.messageId !== null) continue;
      for (const rule of this.rules.filter(({ of }) => of === step)) {
        counts[step] += await rule.clear(manager, redacted);
      }
    }
    if (counts.copies > 0) await this.files.sweepSoon(manager);
    return counts;
  }

  /** Logs nothing if nothing was changed. */
  async #log(
    manager: EntityManager,
    record: Recorder,
    done: { session: ChatSession; actor: Actor; type: RedactionType; id: string; reason: string | null; count: number },
  ): Promise<void> {
    const { session, actor, type, id, reason, count } = done;
    if (count === 0) return;
    await manager.insert(Redaction, {
      id: uuidV7(),
      org_id: session.org_id,
      session_id: session.id,
      redaction_type: type,
      item_id: id,
      reason,
      actor: { type: actor.type, id: actor.id, name: actor.name },
      affected_count: count,
    });
    const target = {
      type: type === 'message' ? 'chat_message' : 'chat_session',
      id,
      name: `#${session.ticket_number}`,
    };
    record({ action: `${target.type}.redacted`, orgId: session.org_id, target });
  }
}

function reportOf(type: RedactionType, id: string, count: number): RedactionReport {
  const what = type === 'message' ? 'The message' : 'The session';
  return {
    success: true,
    message: count > 0 ? `${what} is redacted.` : `${what} has nothing to redact.`,
    item_id: id,
    redaction_type: type,
    affected_count: count,
  };
}
