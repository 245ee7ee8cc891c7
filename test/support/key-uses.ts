import type { RefusalReason } from '../../src/access/errors/refusal-reasons.js';
import type { TestServer } from './start-app.js';

interface Counts {
  /** 0, the current hour, by default. */
  readonly hoursAgo?: number;
  readonly requests: number;
}

const HOUR = `date_trunc('hour', now(), 'UTC') - $2::int * interval '1 hour'`;

/** Stores what keys did, as flushes of usage do. */
export class KeyUses {
  constructor(private readonly server: TestServer) {}

  async add(keyId: string, { hoursAgo = 0, requests, refused = 0 }: Counts & { readonly refused?: number }) {
    // A use far in the future, for which there is no partition yet.
    if (hoursAgo < 0) {
      await this.server.owner.query(`SELECT add_month((now() - $1::int * interval '1 hour')::date)`, [hoursAgo]);
    }
    await this.#run(
      `INSERT INTO key_usage AS u (key_id, hour, org_id, requests, refused, last_used_at)
       SELECT id, ${HOUR}, org_id, $3::int, $4::int, ${HOUR} FROM api_keys WHERE id = $1
       ON CONFLICT (key_id, hour) DO UPDATE
       SET requests = u.requests + excluded.requests, refused = u.refused + excluded.refused`,
      [keyId, hoursAgo, requests, refused],
    );
  }

  async deny(keyId: string, reason: RefusalReason, { hoursAgo = 0, requests }: Counts) {
    await this.#run(
      `INSERT INTO key_refusals (key_id, hour, org_id, requests, reason)
       SELECT id, ${HOUR}, org_id, $3::int, $4 FROM api_keys WHERE id = $1`,
      [keyId, hoursAgo, requests, reason],
    );
  }

  async scope(keyId: string, scope: string) {
    await this.#run(
      `INSERT INTO key_scope_uses (key_id, day, scope, org_id, uses, last_used_at)
       SELECT id, now() AT TIME ZONE 'UTC', $2, org_id, 1, now() FROM api_keys WHERE id = $1`,
      [keyId, scope],
    );
  }

  /** Makes keys older, and the counting of scopes. */
  async observedFor(days: number, ...keyIds: readonly string[]) {
    const since = `now() - $1::int * interval '1 day'`;
    await this.server.owner.query(`UPDATE installation SET scopes_counted_since = ${since}`, [days]);
    await this.server.owner.query(`UPDATE api_keys SET created_at = ${since} WHERE id = ANY ($2)`, [days, keyIds]);
  }

  /** Removes what the key did, as retention does after 400 days. */
  async forget(keyId: string) {
    for (const table of ['key_usage', 'key_refusals', 'key_scope_uses']) {
      await this.#run(`DELETE FROM ${table} WHERE key_id = $1`, [keyId]);
    }
  }

  async #run(sql: string, values: readonly unknown[]): Promise<void> {
    await this.server.database.pool.query(sql, [...values]);
  }
}
