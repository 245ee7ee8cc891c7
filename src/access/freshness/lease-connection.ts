import { Socket } from 'node:net';
import pg from 'pg';
import type { AccessChange } from './changed-tags.js';
import type { LeaseBeat } from './silent-leases.js';
import { checkTriggers } from './trigger-check.js';

/** As long as a lease is good for: a later answer would be of no use. */
const ANSWER_DEADLINE_MS = 1_800;
const CONNECT_DEADLINE_MS = 1_500;
/** How far behind a process may be and still be told what changed instead of dropping everything. */
const CHANGES_SENT_MAX = 1_000;
/** Twice what is sent: the rest nobody reads. In batches, so that no statement outlives its deadline. */
const CHANGES_KEPT = 2_000;
const CHANGES_PRUNED_MAX = 5_000;

export interface SyncAnswer {
  /** The version of the statement's own snapshot. */
  readonly head: number;
  /** False: somebody swept the lease. */
  readonly isRegistered: boolean;
  /** From what was acknowledged up to head. */
  readonly changes: readonly AccessChange[];
}

/**
 * One direct connection to the primary, from LISTEN to its end: whatever goes wrong destroys it, and another is made.
 * Everything but the handshake goes as one simple message, so that a process which freezes while it sends leaves no
 * transaction open that holds a lease's row, and a transaction pooler in between costs only the bell.
 */
export class LeaseConnection {
  // Ours, because a query that is never answered can be ended by nothing else.
  private readonly socket = new Socket();
  private readonly client: pg.Client;

  /** @param onBell called when something changed or the connection ended, and for nothing at times */
  constructor(databaseUrl: string, onBell: () => void) {
    this.client = new pg.Client({
      connectionString: databaseUrl,
      connectionTimeoutMillis: CONNECT_DEADLINE_MS,
      application_name: 'gatehouse lease',
      stream: () => this.socket,
    });
    this.client.on('notification', onBell);
    this.client.on('end', onBell);
    // The next statement fails and says so; without a listener the process would end.
    this.client.on('error', onBell);
  }

  /** @throws Error also when a trigger is missing: a change that doesn't ring must not meet a cache that trusts */
  async open(): Promise<void> {
    await this.client.connect();
    // The keepalives end our half-open backend, which would hold back the notification queue of the whole cluster.
    await this.ask(`
      set statement_timeout = ${ANSWER_DEADLINE_MS};
      set synchronous_commit = on;
      set tcp_keepalives_idle = 2; set tcp_keepalives_interval = 1; set tcp_keepalives_count = 3;
      set tcp_user_timeout = 5000;
      listen access`);
    const silent = await checkTriggers((text) => this.ask(text));
    if (silent.length > 0) throw new Error(`not ENABLE ALWAYS, or missing: ${silent.join(', ')}`);
  }

  /** Commits the row, durably whatever the database's default: the crash that lost it would not end our trust. */
  async register(id: string, instance: string, earlierIds: readonly string[]): Promise<void> {
    await this.ask(`
      delete from access_lease where id = any ('{${earlierIds.join(',')}}'::uuid[]);
      insert into access_lease (id, acked, instance) values ('${id}', -1, ${pg.escapeLiteral(instance)})`);
  }

  /**
   * Renews the lease, acknowledges `applied` and reads what came after it, in one snapshot.
   * @param applied -1: nothing yet, only head is asked for
   */
  async sync(id: string, applied: number): Promise<SyncAnswer> {
    // Renewals and acknowledgements may be lost in a crash: that costs a wait, never a stale answer.
    const { rows } = await this.ask(`
      with beat as (
        update access_lease set beat = beat + 1, acked = ${applied} where id = '${id}' returning 1
      )
      select v.version::float8 as head, exists (select from beat) as is_registered,
        c.version::float8 as version, c.tags, set_config('synchronous_commit', 'off', true)
      from access_version v left join access_change c on ${applied} >= 0
        and v.version - ${applied} <= ${CHANGES_SENT_MAX} and c.version > ${applied} and c.version <= v.version`);
    if (rows.length === 0) throw new Error('access_version has lost its row');
    return {
      head: rows[0].head,
      isRegistered: rows[0].is_registered,
      changes: rows.filter((row) => row.version !== null),
    };
  }

  /** Every lease there is; forgets changes that nobody reads any more. */
  async readLeases(): Promise<LeaseBeat[]> {
    // An array is what pg makes of a message with several statements.
    const results = await this.ask(`
      select id, beat::text from access_lease;
      delete from access_change where id in (
        select id from access_change where version <= (select version from access_version) - ${CHANGES_KEPT}
        order by version limit ${CHANGES_PRUNED_MAX})`);
    return (results as unknown as pg.QueryResult<LeaseBeat>[])[0]!.rows;
  }

  /** Removes those whose beat still stands still. */
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
