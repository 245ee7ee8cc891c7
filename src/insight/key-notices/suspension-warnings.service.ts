import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../core/config/config.js';
import { Database } from '../../core/database/database.js';
import { SYSTEM } from '../../kit/audit/actor.js';
import { Changes } from '../../kit/audit/changes.js';
import { KeyPolicies } from '../../tenancy/key-policies/key-policies.service.js';
import { KEYS_PER_BATCH } from './due-keys.js';
import { KeyNoticeCounts } from './key-notice-counts.js';
import { addNotices } from './new-notices.js';
import { SOON_SUSPENDED, type SoonSuspended, type SoonSuspendedBatch, WARNING_DAYS } from './soon-suspended-sql.js';

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Announces that a policy is about to suspend idle keys. Reads all keys, as their suspension does, if any policy does that. */
@Injectable()
export class SuspensionWarnings {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly policies: KeyPolicies,
    private readonly counts: KeyNoticeCounts,
    @Inject(CONFIG) private readonly config: Pick<Config, 'smtpUrl'>,
  ) {}

  async run(now: Date, signal?: AbortSignal): Promise<void> {
    if (!(await this.policies.anySuspendsIdleKeys())) return;
    let last: SoonSuspendedBatch['last'] = { org_id: FIRST_ID, id: FIRST_ID };
    while (last !== null && !signal?.aborted) {
      const { rows } = await this.database.query(SOON_SUSPENDED, [last.org_id, last.id, now]);
      const batch = rows[0] as unknown as SoonSuspendedBatch;
      for (let from = 0; from < batch.soon.length && !signal?.aborted; from += KEYS_PER_BATCH) {
        await this.#announce(batch.soon.slice(from, from + KEYS_PER_BATCH), now);
      }
      ({ last } = batch);
    }
  }

  /** Of several runs, the one that adds the notice records the event. */
  async #announce(keys: readonly SoonSuspended[], now: Date): Promise<void> {
    const isSkipped = this.config.smtpUrl === undefined;
    const notices = keys.map((key) => ({ key, about: new Date(key.suspends_at), days: WARNING_DAYS, isSkipped }));
    const count = await this.changes.change(SYSTEM, async (manager, record) => {
      const added = await addNotices(manager, 'suspension', notices, now);
      for (const { key, about } of notices) {
        if (!added.has(key.id)) continue;
        const { id, org_id: orgId, name, last_used_at } = key;
        const changes = {
          last_used_at: { before: null, after: last_used_at && new Date(last_used_at).toISOString() },
          suspends_at: { before: null, after: about.toISOString() },
        };
        record({ action: 'api_key.idle', orgId, target: { type: 'api_key', id, name }, changes });
      }
      return added.size;
    });
    this.counts.add('api_key.idle', 'recorded', count);
  }
}
