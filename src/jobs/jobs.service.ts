import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { PgBoss } from 'pg-boss';
import type { EntityManager } from 'typeorm';
import { Database } from '../database/database.js';
import { whenCommitted } from '../database/transaction.js';
import { LOG, type Log } from '../logging/log.js';
import type { Job, JobDepth, JobHandler } from './job.js';
import { JobBoss } from './job-boss.js';
import { givenUpJob, queuesOf } from './job-queues.js';

/** Longer than most work takes; what has not ended by then is begun again elsewhere, or at the next start. */
const FINISH_WITHIN_MS = 6_000;
/** Work that another process has put down and could not take up itself is noticed by then. */
const POLL_SECONDS = 5;
const POLL_SCHEDULED_SECONDS = 30;
const START_AGAIN_MS = 1_000;

type AnyHandler = JobHandler<object>;

/**
 * Work behind the answers. A feature declares a job, says in `handle` what does it, and enqueues it in the transaction
 * of the change that calls for it, so that the job exists exactly when the change does.
 */
@Injectable()
export class Jobs {
  readonly #handlers = new Map<Job<object>, AnyHandler>();
  readonly #workers = new Map<string, string[]>();
  #opened: Promise<JobBoss> | undefined;
  #queuesMade: Promise<PgBoss> | undefined;
  #started: Promise<void> | undefined;
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
    const boss = await this.#bossWithQueues();
    await boss.send(job.name, input, { db: within(manager), ...(after && { startAfter: after }) });
    await whenCommitted(async () => this.#wake(boss, job.name), manager);
  }

  /** One job for each input, in one statement. */
  async enqueueAll<Input extends object>(
    manager: EntityManager,
    job: Job<Input>,
    inputs: readonly Input[],
    { after }: { readonly after?: Date } = {},
  ): Promise<void> {
    if (inputs.length === 0) return;
    const boss = await this.#bossWithQueues();
    const jobs = inputs.map((data) => ({ data, ...(after && { startAfter: after }) }));
    await boss.insert(job.name, jobs, { db: within(manager) });
    await whenCommitted(async () => this.#wake(boss, job.name), manager);
  }

  /** Resolves when it works; never fails, and tries on. Where it isn't called work is only put down for others. */
  start(): Promise<void> {
    return (this.#started ??= this.#startUntilStopped());
  }

  /** Takes up nothing more and waits for what is under way, for a while. What the last requests enqueue is kept. */
  stop(): Promise<void> {
    return (this.#stopped ??= this.#stop());
  }

  /** After the last request. */
  async close(): Promise<void> {
    await this.stop();
    await (await this.#opened)?.close();
  }

  /** Of every job, as of some seconds ago: it costs no look at the jobs themselves. */
  async depths(): Promise<JobDepth[]> {
    const boss = await this.#bossWithQueues();
    const queues = await boss.getQueues([...this.#handlers.keys()].map(({ name }) => name));
    return queues.map(({ name, readyCount, deferredCount, activeCount, failedCount }) => ({
      job: name,
      ready: readyCount,
      deferred: deferredCount,
      active: activeCount,
      failed: failedCount,
    }));
  }

  #bossWithQueues(): Promise<PgBoss> {
    return (this.#queuesMade ??= this.#makeQueues().catch((error: unknown) => {
      this.#queuesMade = undefined;
      throw error;
    }));
  }

  async #makeQueues(): Promise<PgBoss> {
    const { boss } = await (this.#opened ??= JobBoss.open(this.database.url, this.log));
    const there = new Set((await boss.getQueues()).map(({ name }) => name));
    for (const { name, policy, ...options } of queuesOf(this.#handlers)) {
      if (there.has(name)) await boss.updateQueue(name, options);
      else await boss.createQueue(name, { policy, ...options });
    }
    return boss;
  }

  async #startUntilStopped(): Promise<void> {
    while (this.#stopped === undefined) {
      try {
        return await this.#startWorking();
      } catch (error) {
        this.log.warn({ err: error }, 'no jobs are done yet; it is tried again');
        await pause(START_AGAIN_MS, undefined, { ref: false });
      }
    }
  }

  async #startWorking(): Promise<void> {
    const boss = await this.#bossWithQueues();
    await boss.start();
    for (const { name, schedule } of this.#handlers.keys()) {
      if (schedule) await boss.schedule(name, schedule, {}, { tz: 'UTC', missed: 'once' });
    }
    for (const [job, handler] of this.#handlers) {
      await this.#work(boss, job, (input, signal) => handler.run(input, signal));
      if (handler.giveUp) await this.#work(boss, givenUpJob(job), (input) => handler.giveUp!(input));
    }
  }

  async #stop(): Promise<void> {
    await this.#started;
    await (await this.#opened)?.stop(FINISH_WITHIN_MS);
  }

  async #work(
    boss: PgBoss,
    { name, atOnce = 1, retries, schedule }: Job<object>,
    run: (input: object, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const pollingIntervalSeconds = schedule ? POLL_SCHEDULED_SECONDS : POLL_SECONDS;
    const workers: string[] = [];
    this.#workers.set(name, workers);
    for (let count = 0; count < atOnce; count++) {
      const id = await boss.work<object>(name, { pollingIntervalSeconds }, async ([fetched]) => {
        const { data, signal, retryCount } = fetched!;
        try {
          await run(data, signal);
        } catch (error) {
          this.#tellOfFailure(name, error, retryCount >= retries);
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

  #wake(boss: PgBoss, queue: string): void {
    for (const id of this.#workers.get(queue) ?? []) boss.notifyWorker(id);
  }

  #tellOfFailure(queue: string, error: unknown, isLast: boolean): void {
    if (isLast) this.log.error({ err: error, job: queue }, 'a job was given up');
    else this.log.warn({ err: error, job: queue }, 'a job failed, and will be tried again');
  }
}

/** For statements of pg-boss that take part in a transaction. */
function within(manager: EntityManager) {
  return { executeSql: async (text: string, values?: unknown[]) => ({ rows: await manager.query(text, values) }) };
}
