import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { JobInsert, PgBoss, WipData } from 'pg-boss';
import type { EntityManager } from 'typeorm';
import { Database } from '../database/database.js';
import { whenCommitted } from '../database/transaction.js';
import { LOG, type Log } from '../logging/log.js';
import type { Job, JobDepth, JobHandler, OrgInput, ScheduledJob } from './job.js';
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
  async enqueue<Input extends OrgInput>(
    manager: EntityManager,
    job: Job<Input>,
    input: Input,
    when: { readonly after?: Date } = {},
  ): Promise<void> {
    await this.enqueueAll(manager, job, [input], when);
  }

  /** One job for each input, in one statement. */
  async enqueueAll<Input extends OrgInput>(
    manager: EntityManager,
    { name }: Job<Input>,
    inputs: readonly Input[],
    { after }: { readonly after?: Date } = {},
  ): Promise<void> {
    const when = after && { startAfter: after };
    const jobs = inputs.map((data) => ({ data, group: { id: orgOf(data) }, ...when }));
    await this.#insert(manager, name, jobs);
  }

  /** Starts scheduled work before its time, unless it waits or is under way. */
  async enqueueScheduled(manager: EntityManager, { name }: ScheduledJob): Promise<void> {
    await this.#insert(manager, name, [{ data: {} }]);
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
    { name, atOnce = 1, atOncePerOrg, retries, schedule }: Job<object>,
    run: (input: object, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const options = {
      pollingIntervalSeconds: schedule ? POLL_SCHEDULED_SECONDS : POLL_SECONDS,
      localConcurrency: atOnce,
      // Of this process, so that in each some workers are left for other orgs, exactly: the limit over all processes
      // that pg-boss also has is passed when two look at the same time.
      ...(atOncePerOrg !== undefined && { localGroupConcurrency: atOncePerOrg }),
    };
    await boss.work<object>(name, options, async ([fetched]) => {
      const { data, signal, retryCount } = fetched!;
      try {
        await run(data, signal);
      } catch (error) {
        this.#tellOfFailure(name, error, retryCount >= retries);
        // Only its message is kept with the job: an error of a statement carries the values too.
        throw new Error(error instanceof Error ? error.message : String(error));
      } finally {
        // Where there was one there may be more: a worker that has finished doesn't wait for the next poll.
        wake(boss, name, (worker) => worker.count > 0);
      }
    });
  }

  #tellOfFailure(queue: string, error: unknown, isLast: boolean): void {
    if (isLast) this.log.error({ err: error, job: queue }, 'a job was given up');
    else this.log.warn({ err: error, job: queue }, 'a job failed, and will be tried again');
  }
}

function orgOf(input: OrgInput): string {
  return 'org_id' in input ? input.org_id : input.orgId;
}

/** Lets workers of a queue look now. */
function wake(boss: PgBoss, queue: string, isMeant: (worker: WipData) => boolean = () => true): void {
  for (const worker of boss.getWipData()) {
    if (worker.name === queue && isMeant(worker)) boss.notifyWorker(worker.id);
  }
}

/** For statements of pg-boss that take part in a transaction. */
function within(manager: EntityManager) {
  return { executeSql: async (text: string, values?: unknown[]) => ({ rows: await manager.query(text, values) }) };
}
