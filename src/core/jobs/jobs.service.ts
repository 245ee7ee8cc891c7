import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { JobInsert, PgBoss, WipData } from 'pg-boss';
import type { EntityManager } from 'typeorm';
import { Database } from '../database/database.js';
import { whenCommitted } from '../database/transaction.js';
import { LOG, type Log } from '../logging/log.js';
import type { Job, JobDepth, JobHandler, ScheduledJob } from './job.js';
import { JobBoss } from './job-boss.js';
import { givenUpJob, queuesOf } from './job-queues.js';

/** Longer than most jobs take. Others start again in another process, or at the next start. */
const FINISH_WITHIN_MS = 6_000;
/** The time until a process notices a job that another process enqueued and left. */
const POLL_SECONDS = 5;
const POLL_SCHEDULED_SECONDS = 30;
const START_AGAIN_MS = 1_000;

type AnyHandler = JobHandler<object>;

/**
 * Background jobs. A feature defines a job, registers its handler with `handle`, and enqueues the job in the transaction
 * of the change that needs it. So the job exists if and only if the change is committed.
 */
@Injectable()
export class Jobs {
  readonly #handlers = new Map<Job<object>, AnyHandler>();
  #opened: Promise<JobBoss> | undefined;
  #queuesMade: Promise<PgBoss> | undefined;
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Registers a job's handler. To be called before the server starts. */
  handle<Input extends object>(job: Job<Input>, handler: JobHandler<Input>): void {
    if ([...this.#handlers.keys()].some(({ name }) => name === job.name)) {
      throw new Error(`Two jobs are named ${job.name}.`);
    }
    this.#handlers.set(job, handler as unknown as AnyHandler);
  }

  /**
   * Enqueues a job in the transaction. After COMMIT this process polls at once; others at their next poll.
   * @param manager of the transaction
   * @param after the earliest time to run
   */
  async enqueue<Input extends object>(
    manager: EntityManager,
    job: Job<Input>,
    input: Input,
    when: { readonly after?: Date } = {},
  ): Promise<void> {
    await this.enqueueAll(manager, job, [input], when);
  }

  /** Enqueues one job per input, in one statement. */
  async enqueueAll<Input extends object>(
    manager: EntityManager,
    job: Job<Input>,
    inputs: readonly Input[],
    { after }: { readonly after?: Date } = {},
  ): Promise<void> {
    const when = after && { startAfter: after };
    const jobs = inputs.map((data) => ({ data, ...(job.groupOf && { group: { id: job.groupOf(data) } }), ...when }));
    await this.#insert(manager, job.name, jobs);
  }

  /** Enqueues a scheduled job now, unless it is queued or running. */
  async enqueueScheduled(manager: EntityManager, { name }: ScheduledJob): Promise<void> {
    await this.#insert(manager, name, [{ data: {} }]);
  }

  /** Starts the workers. Resolves when they run; retries until then and never rejects. Without it a process only enqueues. */
  start(): Promise<void> {
    return (this.#started ??= this.#startUntilStopped());
  }

  /** Stops the workers and waits a while for running jobs. Requests can still enqueue. */
  stop(): Promise<void> {
    return (this.#stopped ??= this.#stop());
  }

  /** To be called after the last request. */
  async close(): Promise<void> {
    await this.stop();
    await (await this.#opened)?.close();
  }

  /** Reads pg-boss's counts, which are some seconds old, without scanning the jobs. */
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

  async #insert(manager: EntityManager, name: string, jobs: JobInsert[]): Promise<void> {
    if (jobs.length === 0) return;
    const boss = await this.#bossWithQueues();
    await boss.insert(name, jobs, { db: within(manager) });
    await whenCommitted(async () => wake(boss, name), manager);
  }

  #bossWithQueues(): Promise<PgBoss> {
    return (this.#queuesMade ??= this.#makeQueues().catch((error: unknown) => {
      this.#queuesMade = undefined;
      throw error;
    }));
  }

  async #makeQueues(): Promise<PgBoss> {
    const { boss } = await (this.#opened ??= JobBoss.open(this.database, this.log));
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
        this.log.warn({ err: error }, 'the job workers could not start; retrying');
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
    { name, atOnce = 1, atOncePerGroup, retries, schedule }: Job<object>,
    run: (input: object, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const options = {
      pollingIntervalSeconds: schedule ? POLL_SCHEDULED_SECONDS : POLL_SECONDS,
      localConcurrency: atOnce,
      // Per process, so that each keeps some workers for other groups. pg-boss's limit over all processes is exceeded when
      // two processes poll at once.
      ...(atOncePerGroup !== undefined && { localGroupConcurrency: atOncePerGroup }),
    };
    await boss.work<object>(name, options, async ([fetched]) => {
      const { data, signal, retryCount } = fetched!;
      try {
        await run(data, signal);
      } catch (error) {
        this.#logFailure(name, error, retryCount >= retries);
        // pg-boss stores the error with the job. A statement's error holds its values, so only the message is passed on.
        throw new Error(error instanceof Error ? error.message : String(error));
      } finally {
        // There may be more jobs: a worker that has finished doesn't wait for the next poll.
        wake(boss, name, (worker) => worker.count > 0);
      }
    });
  }

  #logFailure(queue: string, error: unknown, isLast: boolean): void {
    if (isLast) this.log.error({ err: error, job: queue }, 'a job was given up');
    else this.log.warn({ err: error, job: queue }, 'a job failed; it will be retried');
  }
}

/** Makes workers of a queue poll now. */
function wake(boss: PgBoss, queue: string, isWoken: (worker: WipData) => boolean = () => true): void {
  for (const worker of boss.getWipData()) {
    if (worker.name === queue && isWoken(worker)) boss.notifyWorker(worker.id);
  }
}

/** Runs pg-boss's statements in a transaction. */
function within(manager: EntityManager) {
  return { executeSql: async (text: string, values?: unknown[]) => ({ rows: await manager.query(text, values) }) };
}
