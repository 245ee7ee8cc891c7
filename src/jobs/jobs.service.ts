import { Inject, Injectable } from '@nestjs/common';
import type { PgBoss } from 'pg-boss';
import type { EntityManager } from 'typeorm';
import { Database } from '../database/database.js';
import { whenCommitted } from '../database/transaction.js';
import { LOG, type Log } from '../logging/log.js';
import type { Job, JobDepth, JobHandler } from './job.js';
import { JobBoss } from './job-boss.js';
import { givenUpName, queuesOf } from './job-queues.js';

/** Longer than most work takes; what has not ended by then is begun again elsewhere, or at the next start. */
const FINISH_WITHIN_MS = 6_000;
/** Work that another process has put down and could not take up itself is noticed by then. */
const POLL_SECONDS = 5;
const POLL_SCHEDULED_SECONDS = 30;

type AnyHandler = JobHandler<object>;

/**
 * Work behind the answers. A feature declares a job, says in `handle` what does it, and enqueues it in the transaction
 * of the change that calls for it, so that the job exists exactly when the change does.
 */
@Injectable()
export class Jobs {
  readonly #handlers = new Map<Job<object>, AnyHandler>();
  readonly #workers = new Map<string, string[]>();
  #boss: JobBoss | undefined;
  #queuesMade: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Before the server starts. */
  handle<Input extends object>(job: Job<Input>, handler: JobHandler<Input>): void {
    if ([...this.#handlers.keys()].some(({ name }) => name === job.name)) {
      throw new Error(`Two jobs are named ${job.name}.`);
    }
    this.#handlers.set(job, handler as unknown as AnyHandler);
  }

  /**
   * Commits with the transaction, or not at all. This process looks at once; others when they have nothing else to do.
   * @param manager of the transaction
   * @param after for work that is put off
   */
  async enqueue<Input extends object>(
    manager: EntityManager,
    job: Job<Input>,
    input: Input,
    { after }: { readonly after?: Date } = {},
  ): Promise<void> {
    await this.#makeQueues();
    const db = { executeSql: async (text: string, values?: unknown[]) => ({ rows: await manager.query(text, values) }) };
    await this.#opened.boss.send(job.name, input, { db, ...(after && { startAfter: after }) });
    await whenCommitted(async () => this.#wake(job.name), manager);
  }

  /** Begins to work. Without it, as in the command line, work is only put down for others. */
  async start(): Promise<void> {
    const { boss } = this.#opened;
    await boss.start();
    await this.#makeQueues();
    for (const [job, handler] of this.#handlers) {
      await this.#work(boss, job.name, job, (input, signal) => handler.run(input, signal));
      if (handler.giveUp) await this.#work(boss, givenUpName(job), job, (input) => handler.giveUp!(input));
      if (job.schedule) await boss.schedule(job.name, job.schedule, {}, { tz: 'UTC', missed: 'once' });
    }
  }

  /** Takes up nothing more and waits for what is under way, for a while. What the last requests enqueue is kept. */
  stop(): Promise<void> {
    return (this.#stopped ??= this.#boss?.stop(FINISH_WITHIN_MS) ?? Promise.resolve());
  }

  /** After `stop`, and after the last request. */
  async close(): Promise<void> {
    await this.stop();
    await this.#boss?.close();
  }

  /** Of every job, as of some seconds ago: it costs no look at the jobs themselves. */
  async depths(): Promise<JobDepth[]> {
    await this.#makeQueues();
    const queues = await this.#opened.boss.getQueues([...this.#handlers.keys()].map(({ name }) => name));
    return queues.map(({ name, readyCount, deferredCount, activeCount, failedCount }) => ({
      job: name,
      ready: readyCount,
      deferred: deferredCount,
      active: activeCount,
      failed: failedCount,
    }));
  }

  get #opened(): JobBoss {
    return (this.#boss ??= new JobBoss(this.database.url, this.log));
  }

  #makeQueues(): Promise<void> {
    const make = async () => {
      const { boss } = this.#opened;
      const there = new Set((await boss.getQueues()).map(({ name }) => name));
      for (const { name, policy, ...options } of queuesOf(this.#handlers)) {
        if (there.has(name)) await boss.updateQueue(name, options);
        else await boss.createQueue(name, { policy, ...options });
      }
    };
    return (this.#queuesMade ??= make().catch((error: unknown) => {
      this.#queuesMade = undefined;
      throw error;
    }));
  }

  async #work(
    boss: PgBoss,
    queue: string,
    { atOnce = 1, retries, schedule }: Job<object>,
    run: (input: object, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const pollingIntervalSeconds = schedule ? POLL_SCHEDULED_SECONDS : POLL_SECONDS;
    const workers: string[] = [];
    this.#workers.set(queue, workers);
    for (let count = 0; count < atOnce; count++) {
      const id = await boss.work<object>(queue, { pollingIntervalSeconds }, async ([fetched]) => {
        const { data, signal, retryCount } = fetched!;
        try {
          await run(data, signal);
        } catch (error) {
          this.#tellOfFailure(queue, error, retryCount >= retries);
          // Only its message is kept with the job: an error of a statement carries the values too.
          throw new Error(error instanceof Error ? error.message : String(error));
        } finally {
          // Where there was one there may be more: whoever has just finished doesn't wait for the next poll.
          boss.notifyWorker(id);
        }
      });
      workers.push(id);
    }
  }

  #wake(queue: string): void {
    for (const id of this.#workers.get(queue) ?? []) this.#boss?.boss.notifyWorker(id);
  }

  #tellOfFailure(queue: string, error: unknown, isLast: boolean): void {
    if (isLast) this.log.error({ err: error, job: queue }, 'a job was given up');
    else this.log.warn({ err: error, job: queue }, 'a job failed, and will be tried again');
  }
}
