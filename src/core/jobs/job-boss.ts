import type { PgBoss } from 'pg-boss';
import { CONNECT_TIMEOUT_MS, connectionSettings } from '../database/connection-settings.js';
import { JOB_SCHEMA } from '../database/job-tables.js';
import { QueueingPool } from '../database/queueing-pool.js';
import type { Log } from '../logging/log.js';

/** Its statements neither wait behind requests nor hold them up. */
const CONNECTIONS = 2;
/** Some look through all jobs of a queue. */
const STATEMENT_TIMEOUT_MS = 30_000;
/** How soon the jobs of a process that died are noticed, beside their heartbeat. */
const SUPERVISE_SECONDS = 10;
const SCHEDULE_SECONDS = 30;
/** Features of pg-boss that nothing here uses are asked for as seldom as can be. */
const SELDOM_SECONDS = 3_600;

/** pg-boss on connections of its own, which are opened when they are first used. */
export class JobBoss {
  readonly boss: PgBoss;
  readonly #pool: QueueingPool;
  #lastTrouble: string | undefined;

  private constructor(
    Boss: typeof PgBoss,
    url: string,
    private readonly log: Log,
  ) {
    this.#pool = new QueueingPool({
      ...connectionSettings(url, CONNECT_TIMEOUT_MS),
      application_name: 'gatehouse jobs',
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS,
      max: CONNECTIONS,
    });
    // An idle connection that the server ends is no news: the next statement opens another.
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
    this.boss.on('error', (error) => this.#tellOfTrouble(error));
    // Its data can hold a statement's values, which are what jobs were given.
    this.boss.on('warning', ({ message, data }) => log.warn({ data: withoutValues(data) }, message));
  }

  /** Loads pg-boss, which takes a tenth of a second that the start of a server and most commands can do without. */
  static async open(url: string, log: Log): Promise<JobBoss> {
    const { PgBoss: Boss } = await import('pg-boss');
    return new JobBoss(Boss, url, log);
  }

  /** @param withinMs what has not ended by then is given back, to be begun again */
  async stop(withinMs: number): Promise<void> {
    await this.boss.stop({ close: false, graceful: true, timeout: withinMs });
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #execute(text: string, values?: unknown[]): Promise<{ rows: unknown[] }> {
    const result = await this.#pool.query(text, values);
    this.#lastTrouble = undefined;
    return result;
  }

  /** Once per kind of trouble: in an outage every worker meets the same one at every poll. */
  #tellOfTrouble(error: Error): void {
    const trouble = error.message.replace(/ \(Queue: .*/, '');
    if (trouble === this.#lastTrouble) return;
    this.#lastTrouble = trouble;
    this.log.warn({ err: error }, 'the job queue cannot be reached, or not as it should be; it is tried again');
  }
}

function withoutValues(data: object | undefined): object {
  return Object.fromEntries(Object.entries(data ?? {}).filter(([name]) => name !== 'values'));
}
