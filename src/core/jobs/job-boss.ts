import type { PgBoss } from 'pg-boss';
import { CONNECTIONS } from '../database/connection-budget.js';
import { connectionSettings } from '../database/connection-settings.js';
import type { Database } from '../database/database.js';
import { JOB_SCHEMA } from '../database/job-tables.js';
import { QueueingPool } from '../database/queueing-pool.js';
import type { Log } from '../logging/log.js';

/** Some statements scan all jobs of a queue. */
const STATEMENT_TIMEOUT_MS = 30_000;
/** Beside the heartbeat, the time until the jobs of a dead process are noticed. */
const SUPERVISE_SECONDS = 10;
const SCHEDULE_SECONDS = 30;
/** For features of pg-boss that the server doesn't use. */
const SELDOM_SECONDS = 3_600;

/** pg-boss on connections of its own, which open on first use. */
export class JobBoss {
  readonly boss: PgBoss;
  readonly #pool: QueueingPool;
  #lastMessage: string | undefined;

  private constructor(
    Boss: typeof PgBoss,
    { url, timeouts, probe }: Pick<Database, 'url' | 'timeouts' | 'probe'>,
    private readonly log: Log,
  ) {
    this.#pool = new QueueingPool({
      ...connectionSettings(url, timeouts, timeouts.connectMs),
      application_name: 'gatehouse jobs',
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS,
      max: CONNECTIONS.jobs,
    });
    this.#pool.probeBy(probe);
    // Postgres ended an idle connection: the next statement opens another.
    this.#pool.on('error', () => undefined);
    this.boss = new Boss({
      db: { executeSql: (text, values) => this.#execute(text, values) },
      schema: JOB_SCHEMA,
      createSchema: false,
      registerInstance: false,
      openTelemetry: { enabled: false },
      monitorVacuum: false,
      superviseIntervalSeconds: SUPERVISE_SECONDS,
      monitorIntervalSeconds: SUPERVISE_SECONDS,
      cronMonitorIntervalSeconds: SCHEDULE_SECONDS,
      cronWorkerIntervalSeconds: SCHEDULE_SECONDS,
      maintenanceIntervalSeconds: SELDOM_SECONDS,
      flowIntervalSeconds: SELDOM_SECONDS,
      bamIntervalSeconds: SELDOM_SECONDS,
    });
    this.boss.on('error', (error) => this.#logOnce(error));
    // Its data can hold a statement's values, that is the input of jobs.
    this.boss.on('warning', ({ message, data }) => log.warn({ data: withoutValues(data) }, message));
  }

  /** Imports pg-boss late: that takes a tenth of a second, and most commands don't need it. */
  static async open(database: Pick<Database, 'url' | 'timeouts' | 'probe'>, log: Log): Promise<JobBoss> {
    const { PgBoss: Boss } = await import('pg-boss');
    return new JobBoss(Boss, database, log);
  }

  /** @param withinMs jobs that have not ended by then return to their queue */
  async stop(withinMs: number): Promise<void> {
    await this.boss.stop({ close: false, graceful: true, timeout: withinMs });
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #execute(text: string, values?: unknown[]): Promise<{ rows: unknown[] }> {
    const result = await this.#pool.query(text, values);
    this.#lastMessage = undefined;
    return result;
  }

  /** Logs equal errors once: in an outage every worker meets the same error at every poll. */
  #logOnce(error: Error): void {
    const message = error.message.replace(/ \(Queue: .*/, '');
    if (message === this.#lastMessage) return;
    this.#lastMessage = message;
    this.log.warn({ err: error }, 'the job queue failed; retrying');
  }
}

function withoutValues(data: object | undefined): object {
  return Object.fromEntries(Object.entries(data ?? {}).filter(([name]) => name !== 'values'));
}
