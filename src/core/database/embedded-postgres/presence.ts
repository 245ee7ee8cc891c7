import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { isAlive } from './aside.js';

/**
 * The advisory lock on the use of the cluster. Every process's session holds it shared; the last process takes it
 * exclusively. A session ends with its process, however the process died, so no pid file is needed.
 */
const LOCK = [0x67617465, 1];
/** How long the session of a dead process may take to end. */
const DEAD_SESSION_TIMEOUT_MS = 5_000;
const RETRY_MS = 20;
const RESTORE_RETRY_MS = 100;

/** One process's use of the cluster, as a session in the database `postgres`. */
export class Presence {
  private readonly leaving = new AbortController();
  private client: pg.Client | undefined;
  private restoring: Promise<void> | undefined;

  private constructor(private readonly url: string) {}

  /** While the last process is stopping the cluster, this waits, and fails when the cluster stops. */
  static async take(url: string): Promise<Presence> {
    const presence = new Presence(url);
    await presence.connect();
    return presence;
  }

  /**
   * Ends the use. True if this was the last process: it keeps the lock, so that no other process can join until the
   * cluster is stopped. False if others use the cluster or it is gone.
   */
  async leave(): Promise<boolean> {
    this.leaving.abort();
    await this.restoring;
    try {
      const client = this.client ?? (await this.connect());
      await client.query('select pg_advisory_unlock_shared($1, $2)', LOCK);
      if (await isLast(client)) return true;
    } catch {
      // No session can be opened or kept: the cluster is stopping or stopped.
    }
    await this.end();
    return false;
  }

  async end(): Promise<void> {
    this.leaving.abort();
    await this.client?.end().catch(() => undefined);
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: `gatehouse presence ${process.pid}`,
      connectionTimeoutMillis: 5_000,
    });
    // Without a listener, a lost connection would end this process.
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('select pg_advisory_lock_shared($1, $2)', LOCK);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    client.once('end', () => {
      this.client = undefined;
      this.restoring = this.restore();
    });
    this.client = client;
    return client;
  }

  /** A crashed backend makes Postgres end every session. This process still uses the cluster and must take the lock again. */
  private async restore(): Promise<void> {
    const { signal } = this.leaving;
    while (!signal.aborted) {
      const restored = await this.connect().catch(() => undefined);
      if (restored !== undefined) return;
      // A process that has nothing else to do may end.
      await pause(RESTORE_RETRY_MS, undefined, { ref: false, signal }).catch(() => undefined);
    }
  }
}

/** Takes the lock exclusively unless a living process holds it. Waits for the sessions of dead processes to end. */
async function isLast(client: pg.Client): Promise<boolean> {
  const giveUpAt = Date.now() + DEAD_SESSION_TIMEOUT_MS;
  while (Date.now() < giveUpAt) {
    const attempt = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1, $2) as taken', LOCK);
    if (attempt.rows[0]?.taken) return true;
    const users = await client.query<{ name: string }>(
      `select application_name as name from pg_locks join pg_stat_activity using (pid)
        where locktype = 'advisory' and classid = $1 and objid = $2 and pid <> pg_backend_pid()`,
      LOCK,
    );
    if (users.rows.some(({ name }) => isAlive(Number(name.split(' ').at(-1))))) return false;
    await pause(RETRY_MS);
  }
  return false;
}
