import { Injectable, type OnModuleInit } from '@nestjs/common';
import { defineScheduledJob } from '../../core/jobs/job.js';
import { Jobs } from '../../core/jobs/jobs.service.js';
import { KeyDeadlines } from './key-deadlines.service.js';
import { NoticeMails } from './notice-mails.service.js';
import { SuspensionWarnings } from './suspension-warnings.service.js';

/** Runs hourly on one process. */
export const KEY_NOTICES = defineScheduledJob({
  name: 'key-notices',
  schedule: '15 * * * *',
  retries: 5,
  retryAfterSeconds: 60,
  secondsMax: 1_800,
});

/** Announces keys that are about to expire or idle: as events, and by mail where it is wanted. */
@Injectable()
export class KeyNotices implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly deadlines: KeyDeadlines,
    private readonly warnings: SuspensionWarnings,
    private readonly mails: NoticeMails,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(KEY_NOTICES, { run: (_input, signal) => this.run(new Date(), signal) });
  }

  /** A run that is stopped leaves the rest to its retry. */
  async run(now: Date, signal?: AbortSignal): Promise<void> {
    await this.deadlines.run(now, signal);
    await this.warnings.run(now, signal);
    await this.mails.run(now, signal);
  }
}
