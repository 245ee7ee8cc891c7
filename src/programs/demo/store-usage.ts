import type { Database } from '../../core/database/database.js';
import { madeUpUsage, type UsageHabit } from './made-up-usage.js';

/** Stores generated usage in the form that the server's usage meter writes. */
export async function storeUsage(
  database: Database,
  orgId: string,
  habits: ReadonlyMap<string, UsageHabit>,
): Promise<void> {
  const now = new Date();
  const rows = [...habits].flatMap(([keyId, habit], index) =>
    madeUpUsage(habit, index, now).map((hour) => ({ keyId, ...hour })),
  );
  await database.pool.query({
    name: '',
    text: `
      INSERT INTO key_usage AS u (key_id, hour, org_id, requests, refused, last_used_at)
      SELECT key_id, hour, $1, requests, refused, least(hour + interval '58 minutes', now() - interval '2 minutes')
      FROM unnest($2::uuid[], $3::timestamptz[], $4::int[], $5::int[]) AS made_up (key_id, hour, requests, refused)
      ON CONFLICT (key_id, hour) DO UPDATE SET requests = u.requests + excluded.requests`,
    values: [
      orgId,
      rows.map(({ keyId }) => keyId),
      rows.map(({ hour }) => hour),
      rows.map(({ requests }) => requests),
      rows.map(({ refused }) => refused),
    ],
  });
}
