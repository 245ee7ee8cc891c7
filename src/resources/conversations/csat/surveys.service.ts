import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type EntityManager, MoreThanOrEqual } from 'typeorm';
import { ScopeCatalogue } from '../../../access/scopes/scope-catalogue.service.js';
import { Database } from '../../../core/database/database.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { defineJob } from '../../../core/jobs/job.js';
import { Jobs } from '../../../core/jobs/jobs.service.js';
import type { DomainEvent } from '../../../kit/domain-events/domain-event.js';
import { DomainEventBus } from '../../../kit/domain-events/domain-event-bus.js';
import { ChatHistory } from '../chat-sessions/chat-history.service.js';
import { ChatSessions } from '../chat-sessions/chat-sessions.service.js';
import { OutgoingMessages } from '../chat-sessions/outgoing-messages.service.js';
import { CsatScore } from './csat-score.entity.js';
import { CsatSettings } from './csat-settings.entity.js';
import { SurveyLinks } from './survey-links.js';

/** Requests the score of a closing, which `closedAt` tells from later ones. */
export const SURVEY = defineJob<{ readonly orgId: string; readonly sessionId: string; readonly closedAt: string }>({
  name: 'csat-survey',
  retries: 5,
  retryAfterSeconds: 10,
  secondsMax: 30,
  atOnce: 4,
});
type Closing = NonNullable<(typeof SURVEY)['input']>;

const MINUTE_MS = 60_000;

/** Sends surveys on the channels of closed sessions, once per closing. */
@Injectable()
export class Surveys implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly events: DomainEventBus,
    private readonly sessions: ChatSessions,
    private readonly history: ChatHistory,
    private readonly outgoing: OutgoingMessages,
    private readonly links: SurveyLinks,
    private readonly catalogue: ScopeCatalogue,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(SURVEY, { run: (closing) => this.#request(closing) });
    this.events.listen('conversation.closed', (manager, closed) => this.#schedule(manager, closed));
  }

  async #schedule(manager: EntityManager, closed: DomainEvent<'conversation.closed'>): Promise<void> {
    const { orgId, sessionId } = closed;
    // The page of the link would be missing.
    if (!this.catalogue.isOn('csat')) return;
    const settings = await manager.findOneBy(CsatSettings, { org_id: orgId, auto_send: true });
    if (settings === null) return;
    const { channel_type, closed_at } = await this.sessions.lockOrThrow(manager, orgId, sessionId);
    if (settings.channels[channel_type] !== true || closed_at === null) return;
    const after = new Date(closed_at.getTime() + settings.delay_minutes * MINUTE_MS);
    await this.jobs.enqueue(manager, SURVEY, { orgId, sessionId, closedAt: closed_at.toISOString() }, { after });
  }

  /** Does nothing if the session was scored, requested or reopened since. */
  async #request({ orgId, sessionId, closedAt }: Closing): Promise<void> {
    await inTransaction(this.database.dataSource, async (manager) => {
      const session = await this.sessions.lockOrThrow(manager, orgId, sessionId);
      if (session.closed_at?.toISOString() !== closedAt) return;
      const scored = { org_id: orgId, session_id: sessionId, updated_at: MoreThanOrEqual(session.closed_at) };
      if (await manager.existsBy(CsatScore, scored)) return;
      if (await this.history.has(manager, { orgId, sessionId }, 'csat_requested', { closed_at: closedAt })) return;
      const url = this.links.linkTo({ orgId, sessionId });
      const context = { survey_url: url, closed_at: closedAt };
      const text = `How satisfied are you with this conversation? Please rate it: ${url}`;
      await this.outgoing.requestScore(manager, session, text, context);
    });
  }
}
