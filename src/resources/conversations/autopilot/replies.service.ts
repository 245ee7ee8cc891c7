import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../../core/database/database.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { LOG, type Log } from '../../../core/logging/log.js';
import type { Asked, Reply } from '../chat-sessions/auto-replies.js';
import type { AutopilotResponse } from '../chat-sessions/chat-answers.js';
import { ChatHistory } from '../chat-sessions/chat-history.service.js';
import type { ChatSession } from '../chat-sessions/chat-session.entity.js';
import { ChatSessions, type Closing } from '../chat-sessions/chat-sessions.service.js';
import { OutgoingMessages } from '../chat-sessions/outgoing-messages.service.js';
import { Handoffs } from '../chat-sessions/handoffs.service.js';
import { whyNoAnswer } from '../chat-sessions/why-no-answer.js';
import { Blocklist } from '../../directory/blocklist/blocklist.service.js';
import { AutopilotChannels } from './autopilot-channels.service.js';
import { type HandoffCause, handoffFor } from './handoff-for.js';
import { type Draft, ModelAnswers } from './model-answers.service.js';

/** The sender of the message waits for the answer. */
const ANSWER_WITHIN_MS = 20_000;

const NOTHING_TO_SAY: Reply = { code: 'skipping_unuseful_response' };
const RESOLVED_BY_AI: Closing = {
  status: 'closed_resolved',
  type: 'ai_resolved_issue',
  closure: 'resolved',
  wantsSummary: false,
};

/** Answers contacts, once per message even if the request is repeated. */
@Injectable()
export class Replies {
  constructor(
    private readonly database: Database,
    private readonly answers: ModelAnswers,
    private readonly sessions: ChatSessions,
    private readonly history: ChatHistory,
    private readonly outgoing: OutgoingMessages,
    private readonly handoffs: Handoffs,
    private readonly blocklist: Blocklist,
    private readonly channels: AutopilotChannels,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Call it after the message is committed: the session must not be locked while the model answers. */
  async to(asked: Asked): Promise<Reply> {
    const before = await this.#earlier(this.database.manager, asked);
    if (before) return before;
    let draft: Draft | undefined;
    try {
      draft = await this.answers.draft(asked, AbortSignal.timeout(ANSWER_WITHIN_MS));
    } catch (error) {
      this.log.warn({ err: error }, 'the language model gave no answer');
      await this.#leaveToPeople(asked);
      return { autopilot_response: response(null, 'The language model gave no answer.') };
    }
    return inTransaction(this.database.dataSource, (manager) => this.#settle(manager, asked, draft));
  }

  /** Discards the draft if the session has changed meanwhile. */
  async #settle(manager: EntityManager, asked: Asked, draft: Draft | undefined): Promise<Reply> {
    const session = await this.sessions.lockOrThrow(manager, asked.orgId, asked.sessionId);
    const before = await this.#earlier(manager, asked);
    if (before) return before;
    const code = await this.#whyNot(manager, session);
    if (code) return { code, session_is_handed_off: session.is_handed_off };
    if (draft === undefined) {
      await this.sessions.awaitPerson(manager, session);
      return NOTHING_TO_SAY;
    }
    await this.sessions.set(manager, session, draft.contact);
    if (draft.topic?.mode === 'no_assist') {
      await this.sessions.awaitPerson(manager, session);
      return { code: 'response_cancelled' };
    }
    const handoff = handoffFor(draft);
    if (handoff) return this.#handOff(manager, session, handoff);
    const reply =
      draft.answer === undefined ? NOTHING_TO_SAY : await this.#answer(manager, session, asked, draft.answer);
    if (draft.isResolved) await this.sessions.close(manager, session, RESOLVED_BY_AI);
    return reply;
  }

  async #handOff(manager: EntityManager, session: ChatSession, { reason, explanation }: HandoffCause): Promise<Reply> {
    await this.handoffs.record(manager, session, { reasons: [reason], summary: null, explanation });
    await this.sessions.set(manager, session, { ai_closure_type: 'handed_off' });
    return { code: 'session_assigned_to_human_agent', session_is_handed_off: true };
  }

  #leaveToPeople({ orgId, sessionId }: Asked): Promise<void> {
    return this.sessions.whileLocked({ orgId }, sessionId, (manager, session) =>
      this.sessions.awaitPerson(manager, session),
    );
  }

  async #whyNot(manager: EntityManager, session: ChatSession) {
    const code = await whyNoAnswer(this.blocklist, manager, session);
    if (code) return code;
    const { enabled } = await this.channels.modeOf(manager, session.org_id, session.channel_type);
    return enabled && session.status === 'open' ? undefined : 'response_cancelled';
  }

  async #answer(manager: EntityManager, session: ChatSession, { messageId }: Asked, text: string): Promise<Reply> {
    const sender = { type: 'autopilot' } as const;
    const context = { reply_to: messageId };
    const id = await this.outgoing.send(manager, session, { text }, sender, context);
    await this.sessions.set(manager, session, {});
    return { autopilot_response: response(text, null, id) };
  }

  async #earlier(manager: EntityManager, asked: Asked): Promise<Reply | undefined> {
    const reply = await this.history.findReply(manager, asked, 'message');
    return reply && { autopilot_response: response(reply.text, null, reply.id) };
  }
}

function response(content: string | null, error: string | null, id?: string): AutopilotResponse {
  return { type: 'text', value: { error, content }, ...(id !== undefined && { id }) };
}
