import { Injectable, type OnModuleInit } from '@nestjs/common';
import { In } from 'typeorm';
import { Database } from '../../core/database/database.js';
import { defineScheduledJob } from '../../core/jobs/job.js';
import { Jobs } from '../../core/jobs/jobs.service.js';
import { SYSTEM } from '../../kit/audit/actor.js';
import { Changes } from '../../kit/audit/changes.js';
import { ApiKey } from '../api-keys/api-key.entity.js';
import { recordKey } from '../api-keys/key-rows.js';
import { KeyPolicies } from '../key-policies/key-policies.service.js';
import { IDLE_BATCH, type IdleBatch, LOCK_KEYS, STILL_IDLE } from './idle-keys-sql.js';

/** Runs hourly on one process. */
export const SUSPEND_IDLE_KEYS = defineScheduledJob({
  name: 'suspend-idle-keys',
  schedule: '23 * * * *',
  retries: 2,
  retryAfterSeconds: 60,
  secondsMax: 1_800,
});

const KEYS_PER_CHANGE = 1_000;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Suspends keys that were not used for as long as a policy says. A run that is stopped leaves the others to the next. */
@Injectable()
export class IdleKeysJob implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly changes: Changes,
    private readonly policies: KeyPolicies,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(SUSPEND_IDLE_KEYS, { run: (_input, signal) => this.run(signal) });
  }

  async run(signal?: AbortSignal): Promise<void> {
    if (!(await this.policies.anySuspendsIdleKeys())) return;
    let last: IdleBatch['last'] = { org_id: FIRST_ID, id: FIRST_ID };
    while (last !== null && !signal?.aborted) {
      const { rows } = await this.database.query(IDLE_BATCH, [last.org_id, last.id]);
      const batch = rows[0] as unknown as IdleBatch;
      for (const { org_id, ids } of batch.idle) await this.#suspendInTurn(org_id, ids, signal);
      ({ last } = batch);
    }
  }

  async #suspendInTurn(orgId: string, ids: readonly string[], signal?: AbortSignal): Promise<void> {
    for (let from = 0; from < ids.length && !signal?.aborted; from += KEYS_PER_CHANGE) {
      await this.#suspend(orgId, ids.slice(from, from + KEYS_PER_CHANGE));
    }
  }

  /** Looks at the keys again once they and the policies can't change. */
  async #suspend(orgId: string, ids: readonly string[]): Promise<void> {
    await this.changes.change(SYSTEM, async (manager, record) => {
      await manager.query(LOCK_KEYS, [orgId, ids]);
      await this.policies.hold(manager, orgId);
      const idle = await manager.query<{ id: string }[]>(STILL_IDLE, [orgId, ids]);
      if (idle.length === 0) return;
      const those = { id: In(idle.map(({ id }) => id)) };
      const suspendedAt = new Date();
      await manager.update(ApiKey, those, { suspended_at: suspendedAt, suspension_reason: 'idle' });
      for (const key of await manager.find(ApiKey, { where: those, order: { id: 'ASC' } })) {
        recordKey(record, 'api_key.suspended', key, {
          suspended_at: { before: null, after: suspendedAt.toISOString() },
          suspension_reason: { before: null, after: 'idle' },
        });
      }
    });
  }
}
