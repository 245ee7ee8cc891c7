import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../../core/database/database.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { defineJob } from '../../../core/jobs/job.js';
import { Jobs } from '../../../core/jobs/jobs.service.js';
import type { Asked } from '../chat-sessions/auto-replies.js';
import { ChatHistory } from '../chat-sessions/chat-history.service.js';
import { ChatSessions, keyOf } from '../chat-sessions/chat-sessions.service.js';
import { AutopilotChannels } from './autopilot-channels.service.js';
import { ModelAnswers } from './model-answers.service.js';

const DRAFT = defineJob<Asked>({
  name: 'autopilot-draft',
  retries: 3,
  retryAfterSeconds: 10,
  secondsMax: 150,
  atOnce: 6,
});

/** Drafts answers for the people who own a session, as notes that contacts never see. */
@Injectable()
export class Drafts implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly database: Database,
    private readonly answers: ModelAnswers,
    private readonly sessions: ChatSessions,
    private readonly history: ChatHistory,
    private readonly channels: AutopilotChannels,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(DRAFT, { run: (asked, signal) => this.#draft(asked, signal) });
  }

  enqueue(manager: EntityManager, asked: Asked): Promise<void> {
    return this.jobs.enqueue(manager, DRAFT, asked);
  }

  async #draft(asked: Asked, signal: AbortSignal): Promise<void> {
    const drafted = await this.answers.draft(asked, signal);
    if (drafted?.answer === undefined || drafted.topic) return;
    const { answer: text } = drafted;
    const { orgId, sessionId, messageId, channel } = asked;
    await inTransaction(this.database.dataSource, async (manager) => {
      const session = await this.sessions.lockOrThrow(manager, orgId, sessionId);
      const context = { reply_to: messageId };
      const isThere = (await this.history.findReply(manager, asked, 'human_agent_comment')) !== undefined;
      const isOwned = session.is_handed_off || session.assignee_id !== null;
      const { assist_enabled } = await this.channels.modeOf(manager, orgId, channel);
      if (isThere || !isOwned || !assist_enabled) return;
      const sender = { type: 'autopilot' } as const;
      const note = { type: 'human_agent_comment', sender, text, context } as const;
      await this.history.append(manager, { ...keyOf(session), ...note });
    });
  }
}
