import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../core/database/database.js';
import { defineScheduledJob } from '../../core/jobs/job.js';
import { Jobs } from '../../core/jobs/jobs.service.js';
import { THIS_HOUR, THIS_MONTH } from '../../kit/usage/usage-sql.js';
import { activitySql } from './activity-sql.js';

/** Runs hourly on one process, once the counts of the last hour are stored. */
export const KEY_ACTIVITY = defineScheduledJob({
  name: 'key-activity',
  schedule: '5 * * * *',
  retries: 2,
  retryAfterSeconds: 60,
  secondsMax: 1_800,
});

/** Up to 720 hours of each are read, which must stay within the statement timeout of a busy database. */
const KEYS_PER_BATCH = 100;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

const COLUMNS = [
  'until',
  'last_used_at',
  'requests_30_days',
  'denied_30_days',
  'requests_7_days',
  'denied_7_days',
  'limited_7_days',
  'replaced_7_days',
  'busiest_hour',
  'used_scopes',
  'month_until',
  'requests_of_month',
] as const;

/** The requests of a row of `activity` from the start of this month to this hour. */
const OF_MONTH = `(
  SELECT ${THIS_HOUR} AS month_until, coalesce(sum(requests), 0) AS requests_of_month
  FROM key_usage WHERE key_id = activity.id AND hour >= ${THIS_MONTH} AND hour < ${THIS_HOUR})`;

/** Replaces the activity of the keys after $1 in the order of their ids, and answers the last one. */
const REPLACE = `
  WITH batch AS MATERIALIZED (
    SELECT id FROM api_keys WHERE id > $1 AND org_id IS NOT NULL ORDER BY id LIMIT ${KEYS_PER_BATCH}
  ), counted AS MATERIALIZED (
    SELECT *, requests_30_days > 0 OR requests_of_month > 0 OR used_scopes <> '{}' AS is_active
    FROM ${activitySql('batch api_keys', 'closed')} activity CROSS JOIN LATERAL ${OF_MONTH} month
  ), removed AS (
    DELETE FROM key_activity USING counted WHERE key_id = id AND NOT is_active
  ), stored AS (
    INSERT INTO key_activity (key_id, ${COLUMNS.join(', ')})
    SELECT id, ${COLUMNS.join(', ')} FROM counted WHERE is_active ORDER BY id
    ON CONFLICT (key_id) DO UPDATE SET ${COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')}
  )
  SELECT id FROM batch ORDER BY id DESC LIMIT 1`;

/** Sums up what each key did, for overviews of many keys. */
@Injectable()
export class KeyActivityJob implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(KEY_ACTIVITY, { run: (_input, signal) => this.run(signal) });
  }

  /** A run that is stopped leaves older counts, to which readers add the hours since. */
  async run(signal?: AbortSignal): Promise<void> {
    let after: string | undefined = FIRST_ID;
    while (after !== undefined && !signal?.aborted) {
      const { rows } = await this.database.query(REPLACE, [after]);
      after = rows[0]?.['id'] as string | undefined;
    }
  }
}
