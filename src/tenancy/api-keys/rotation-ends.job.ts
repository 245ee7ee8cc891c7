import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../core/database/database.js';
import { defineScheduledJob } from '../../core/jobs/job.js';
import { Jobs } from '../../core/jobs/jobs.service.js';
import { SYSTEM } from '../../kit/audit/actor.js';
import { Changes } from '../../kit/audit/changes.js';
import type { ApiKey } from './api-key.entity.js';
import { END_OVER, KEYS_WITH_OVER, recordEnd } from './replaced-credentials.js';

export const ROTATION_ENDS = defineScheduledJob({
  name: 'rotation-ends',
  schedule: '* * * * *',
  retries: 2,
  retryAfterSeconds: 20,
  secondsMax: 600,
});

/** Each batch locks the audit chains of its orgs until it commits. */
const KEYS_PER_BATCH = 100;

type Ended = Pick<ApiKey, 'id' | 'org_id' | 'name'> & { readonly credential_id: string };

/** Ends credentials whose grace period is over, and records it once. They are refused from the end of the period on anyway. */
@Injectable()
export class RotationEnds implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(ROTATION_ENDS, { run: (_input, signal) => this.run(signal) });
  }

  async run(signal?: AbortSignal): Promise<void> {
    while (!signal?.aborted) {
      const { rows } = await this.database.query(KEYS_WITH_OVER, [KEYS_PER_BATCH]);
      if (rows.length === 0) return;
      await this.#end(rows.map((row) => row['key_id'] as string));
    }
  }

  async #end(keyIds: readonly string[]): Promise<void> {
    await this.changes.change(SYSTEM, async (manager, record) => {
      const ended = await manager.query<Ended[]>(END_OVER, [keyIds]);
      for (const { credential_id, ...key } of ended) recordEnd(record, key, credential_id);
    });
  }
}
