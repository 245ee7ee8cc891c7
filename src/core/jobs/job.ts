/**
 * Work that is done behind the answers, by any of the processes: at least once, also when the one that does it dies.
 * Its input is stored as it is and shown to whoever reads the tables, so it holds ids and no secrets.
 */
export interface Job<Input extends object> {
  /** What waits in the database is found by it, so it never changes. Letters, digits and dashes. */
  readonly name: string;
  /** Tries after the first one. */
  readonly retries: number;
  /** Before the first retry; about twice as long before each one after it, up to an hour. */
  readonly retryAfterSeconds: number;
  /** A try that takes longer counts as failed, and its signal is aborted. */
  readonly secondsMax: number;
  /** Most at once in one process, and of those most for one org (half by default). Scheduled work: one. */
  readonly atOnce?: number;
  readonly atOncePerOrg?: number;
  /** For work that the clock starts: the five fields of cron, in UTC. One process does it, and none while one does. */
  readonly schedule?: string;
  /** Only carries the input's type. */
  readonly input?: Input;
}

/** Input of work for one org. */
export type OrgInput = { readonly org_id: string } | { readonly orgId: string };

export type ScheduledJob = Job<Record<string, never>> & { readonly schedule: string };

type OrgJobSettings = 'name' | 'retries' | 'retryAfterSeconds' | 'secondsMax' | 'atOncePerOrg';

/**
 * Work for one org.
 * @throws Error when one org could hold every worker
 */
export function defineJob<Input extends OrgInput>(
  job: Pick<Job<Input>, OrgJobSettings> & { readonly atOnce: number },
): Job<Input> {
  const { name, atOnce, atOncePerOrg = Math.floor(atOnce / 2) } = job;
  if (atOncePerOrg < 1 || atOncePerOrg >= atOnce)
    throw new Error(`${name}: an org may hold 1 to ${atOnce - 1} workers.`);
  return { ...job, atOncePerOrg };
}

/** Work that belongs to no org. */
export function defineScheduledJob(job: Omit<ScheduledJob, 'input' | 'atOnce' | 'atOncePerOrg'>): ScheduledJob {
  return job;
}

/** What does the work. It is called again after a crash, so it must not mind what a try before it has left. */
export interface JobHandler<Input extends object> {
  /** @param signal aborted when the try has taken too long, was given to another process, or the server is ending */
  run(input: Input, signal: AbortSignal): Promise<void>;
  /** Every try has failed, or died with its process; called until it succeeds. */
  giveUp?(input: Input): Promise<void>;
}

/** How much of one job there is, as of some seconds ago. */
export interface JobDepth {
  readonly job: string;
  /** Could be done now. */
  readonly ready: number;
  /** For a later time: a retry, or work that was put off. */
  readonly deferred: number;
  readonly active: number;
  /** Given up within the last days. */
  readonly failed: number;
}
