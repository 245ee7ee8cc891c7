import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../../core/database/database.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { defineJob } from '../../../core/jobs/job.js';
import { Jobs } from '../../../core/jobs/jobs.service.js';
import type { DomainEvent } from '../../../kit/domain-events/domain-event.js';
import { DomainEventBus } from '../../../kit/domain-events/domain-event-bus.js';
import { LanguageModels } from '../../../kit/outbound/language-models.js';
import { Tags } from '../../directory/tags/tags.service.js';
import { ChatHistory } from '../chat-sessions/chat-history.service.js';
import { ChatSessions, keyOf } from '../chat-sessions/chat-sessions.service.js';
import { SessionTags } from '../chat-sessions/session-tags.service.js';
import { AutopilotChannels } from './autopilot-channels.service.js';
import { stateIn, textOf, transcriptOf } from './model-answers.service.js';
import { reviewSchema, reviewTask } from './review-task.js';

interface Closed {
  readonly orgId: string;
  readonly sessionId: string;
  readonly wantsSummary: boolean;
}

const REVIEW = defineJob<Closed>({
  name: 'session-review',
  retries: 5,
  retryAfterSeconds: 10,
  secondsMax: 150,
  atOnce: 6,
});
const MESSAGES_MAX = 100;
const SUMMARY_CHARACTERS_MAX = 2_000;
const AUTOPILOT = { type: 'autopilot' } as const;

/**
 * Has the language model read a closed session. It sets the language and adds tags. The sentiment and a summary, as a note
 * in the history, are on request.
 */
@Injectable()
export class SessionReviews implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly database: Database,
    private readonly models: LanguageModels,
    private readonly events: DomainEventBus,
    private readonly channels: AutopilotChannels,
    private readonly sessions: ChatSessions,
    private readonly history: ChatHistory,
    private readonly tags: Tags,
    private readonly sessionTags: SessionTags,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(REVIEW, { run: (closed, signal) => this.#review(closed, signal) });
    this.events.listen('conversation.closed', (manager, closed) => this.#enqueue(manager, closed));
  }

  async #enqueue(manager: EntityManager, closed: DomainEvent<'conversation.closed'>): Promise<void> {
    if (this.models.configured === undefined) return;
    const { orgId, sessionId, wantsSummary } = closed;
    const { channel_type } = await this.sessions.lockOrThrow(manager, orgId, sessionId);
    const { enabled } = await this.channels.modeOf(manager, orgId, channel_type);
    if (!enabled && !wantsSummary) return;
    await this.jobs.enqueue(manager, REVIEW, { orgId, sessionId, wantsSummary });
  }

  async #review({ orgId, sessionId, wantsSummary }: Closed, signal: AbortSignal): Promise<void> {
    const { manager } = this.database;
    const { configured: model } = this.models;
    const messages = await this.history.allMessages(manager, { orgId, sessionId }, MESSAGES_MAX);
    const last = messages.at(-1);
    if (model === undefined || last === undefined) return;
    const tags = await this.tags.forAutoTagging(manager, orgId);
    const question = { task: reviewTask(tags), input: transcriptOf(messages), schema: reviewSchema(tags) };
    const found = await model.answer({ ...question, signal });
    await inTransaction(this.database.dataSource, async (inside) => {
      const session = await this.sessions.lockOrThrow(inside, orgId, sessionId);
      if (session.status === 'open') return;
      const { language, sentiment } = stateIn(found);
      await this.sessions.set(inside, session, {
        ...(language !== undefined && { language }),
        ...(wantsSummary && sentiment !== undefined && { sentiment }),
      });
      for (const name of namesIn(found['tags'], tags)) {
        await this.sessionTags.addTo(inside, session, name, AUTOPILOT);
      }
      const text = textOf(found['summary'], SUMMARY_CHARACTERS_MAX);
      const context = { summary_up_to: last.id };
      if (!wantsSummary || text === undefined) return;
      if (await this.history.has(inside, keyOf(session), 'human_agent_comment', context)) return;
      const note = { type: 'human_agent_comment', sender: AUTOPILOT, text, context } as const;
      await this.history.append(inside, { ...keyOf(session), ...note });
    });
  }
}

/** The known tags in the model's list. */
function namesIn(list: unknown, tags: readonly { readonly tag_name: string }[]): string[] {
  const wanted = new Set(Array.isArray(list) ? list : []);
  return tags.map(({ tag_name }) => tag_name).filter((name) => wanted.has(name));
}
