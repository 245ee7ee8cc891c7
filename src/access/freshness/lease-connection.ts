import { Socket } from 'node:net';
import pg from 'pg';
import type { AccessChange } from './changed-tags.js';
import type { LeaseBeat } from './silent-leases.js';
import { failUnconfirmedCommits } from '../../core/database/unconfirmed-commit.js';
import { NO_STANDBY } from './synchronous-standby.js';
import { checkTriggers } from './trigger-check.js';

/** Equals the lease: a later answer would be useless. */
const ANSWER_DEADLINE_MS = 1_800;
const CONNECT_DEADLINE_MS = 1_500;
/** A process that is further behind drops its whole cache. */
const CHANGES_SENT_MAX = 1_000;
/** Twice the versions that a sync returns; older ones have no reader. Deleted in batches, within the deadline. */
const CHANGES_KEPT = 2_000;
const CHANGES_PRUNED_MAX = 5_000;

/** A statement has no longer deadline than the connection, but a COMMIT that waits for a standby has none. */
const OVERDUE_LEASE_STATEMENTS = `
  select count(*)::int as count from pg_stat_activity
  where usename = current_user and datname = current_database() and pid <> pg_backend_pid() and state = 'active'
    and application_name = current_setting('application_name')
    and state_change < clock_timestamp() - interval '${ANSWER_DEADLINE_MS} ms'`;

export interface SyncAnswer {
  /** The version of the statement's snapshot. */
  readonly head: number;
  /** False: another process removed the lease. */
  readonly isRegistered: boolean;
  /** The changes after the acknowledged version, up to head. */
  readonly changes: readonly AccessChange[];
}

/**
 * A direct connection to the primary that listens for changes. Any failure destroys it; the lease then opens another.
 * Each statement is one simple-query message: a process that freezes while sending leaves no open transaction with a lock
 * on a lease, and a transaction pooler in between only loses notifications.
 */
export class LeaseConnection {
  // Kept, because only closing the socket ends a query that is never answered.
  private readonly socket = new Socket();
  private readonly client: pg.Client;

  /**
   * @param onBell called when something may have changed, and when the connection ends
   * @param isStrict whether each sync waits for a synchronous standby
   */
  constructor(
    databaseUrl: string,
    onBell: () => void,
    private readonly isStrict = false,
  ) {
    this.client = new pg.Client({
      connectionString: databaseUrl,
      connectionTimeoutMillis: CONNECT_DEADLINE_MS,
      application_name: 'gatehouse lease',
      stream: () => this.socket,
    });
    this.client.on('notification', onBell);
    this.client.on('end', onBell);
    // The next statement reports the error; without a listener the process would exit.
    this.client.on('error', onBell);
    // A sync whose wait for the standby was canceled renews nothing.
    failUnconfirmedCommits(this.client);
  }

  /**
   * @throws Error also when a trigger is missing, because the cache would miss its changes; and while an earlier
   *   registration still waits for a standby, because each attempt would leave another session waiting
   */
  async open(): Promise<void> {
    await this.client.connect();
    // Keepalives end a half-open backend, which would hold back the notification queue of the whole cluster.
    await this.ask(`
      set statement_timeout = ${ANSWER_DEADLINE_MS};
      set synchronous_commit = off;
      set tcp_keepalives_idle = 2; set tcp_keepalives_interval = 1; set tcp_keepalives_count = 3;
      set tcp_user_timeout = 5000;
      listen access`);
    const silent = await checkTriggers((text) => this.ask(text));
    if (silent.length > 0) throw new Error(`not ENABLE ALWAYS, or missing: ${silent.join(', ')}`);
    const { rows } = await this.ask(OVERDUE_LEASE_STATEMENTS);
    if (rows[0].count > 0) throw new Error('the COMMIT of an earlier lease has no answer: it waits for a standby');
  }

  /** Commits the row durably, whatever the database's default: a crash that lost it would not end this trust. */
  async register(id: string, instance: string, earlierIds: readonly string[]): Promise<void> {
    await this.ask(`
      set local synchronous_commit = on;
      delete from access_lease where id = any ('{${earlierIds.join(',')}}'::uuid[]);
      insert into access_lease (id, acked, instance) values ('${id}', -1, ${pg.escapeLiteral(instance)})`);
  }

  /**
   * Renews the lease, acknowledges `applied` and reads the later changes, in one snapshot.
   * @param applied -1: no version yet; reads only head
   * @throws Error also in strict mode, if no standby confirmed the renewal
   */
  async sync(id: string, applied: number): Promise<SyncAnswer> {
    // A crash may lose renewals and acknowledgements: that delays changes, but never gives a stale answer. A standby that
    // becomes the primary may not, in strict mode: renewals on the old primary must end.
    const commit = this.isStrict ? 'on' : 'off';
    const { rows } = await this.ask(`
      with beat as (
        update access_lease set beat = beat + 1, acked = ${applied} where id = '${id}' returning 1
      )
      select v.version::float8 as head, exists (select from beat) as is_registered,
        c.version::float8 as version, c.tags, set_config('synchronous_commit', '${commit}', true),
        current_setting('synchronous_standby_names') as standbys
      from access_version v left join access_change c on ${applied} >= 0
        and v.version - ${applied} <= ${CHANGES_SENT_MAX} and c.version > ${applied} and c.version <= v.version`);
    if (rows.length === 0) throw new Error('access_version has no row');
    if (this.isStrict && rows[0].standbys === '') throw new Error(NO_STANDBY);
    return {
      head: rows[0].head,
      isRegistered: rows[0].is_registered,
      changes: rows.filter((row) => row.version !== null),
    };
  }

  /** Returns all leases, and deletes the changes that no process needs. */
  async readLeases(): Promise<LeaseBeat[]> {
    // pg returns an array for a message with several statements.
    const results = await this.ask(`
      select id, beat::text from access_lease;
      delete from access_change where id in (
        select id from access_change where version <= (select version from access_version) - ${CHANGES_KEPT}
        order by version limit ${CHANGES_PRUNED_MAX})`);
    return (results as unknown as pg.QueryResult<LeaseBeat>[])[0]!.rows;
  }

  /** Removes the leases whose beat is still the same. */
  async sweep(leases: readonly LeaseBeat[]): Promise<void> {
    await this.ask(
      leases.map(({ id, beat }) => `delete from access_lease where id = '${id}' and beat = ${beat}`).join(';'),
    );
  }

  async leave(id: string): Promise<void> {
    await this.ask(`delete from access_lease where id = '${id}'`);
  }

  destroy(): void {
    this.socket.destroy();
  }

  private async ask(text: string): Promise<pg.QueryResult> {
    const deadline = setTimeout(() => this.destroy(), ANSWER_DEADLINE_MS);
    try {
      return await this.client.query(text);
    } finally {
      clearTimeout(deadline);
    }
  }
}
