/**
 * Work that any process does in the background, at least once, also when the process dies. Its input is stored
 * unencrypted, so it holds ids and no secrets.
 */
export interface Job<Input extends object> {
  /** Letters, digits and dashes. Never changes, because stored jobs are found by it. */
  readonly name: string;
  /** Attempts after the first one. */
  readonly retries: number;
  /** Before the first retry. The delay about doubles with each further retry, up to an hour. */
  readonly retryAfterSeconds: number;
  /** An attempt that takes longer counts as failed, and its signal is aborted. */
  readonly secondsMax: number;
  /** The most at once in one process, and of those the most for one group (half by default). Scheduled jobs: one. */
  readonly atOnce?: number;
  readonly atOncePerGroup?: number;
  /** The group that shares workers, such as the org. */
  groupOf?(input: Input): string;
  /** For scheduled jobs: the five fields of cron, in UTC. Only one process runs such a job at a time. */
  readonly schedule?: string;
  /** Only carries the input's type. */
  readonly input?: Input;
}

/** Input of a job for one org. */
export type OrgInput = { readonly org_id: string } | { readonly orgId: string };

export type ScheduledJob = Job<Record<string, never>> & { readonly schedule: string };

type JobSettings = 'name' | 'retries' | 'retryAfterSeconds' | 'secondsMax';

/**
 * Defines a job for one org.
 * @throws Error if one org could hold every worker
 */
export function defineJob<Input extends OrgInput>(
  job: Pick<Job<Input>, JobSettings> & { readonly atOnce: number; readonly atOncePerOrg?: number },
): Job<Input> {
  const { atOncePerOrg, ...settings } = job;
  const { name, atOnce, atOncePerGroup } = { atOncePerGroup: atOncePerOrg ?? Math.floor(job.atOnce / 2), ...settings };
  if (atOncePerGroup < 1 || atOncePerGroup >= atOnce)
    throw new Error(`${name}: an org may hold 1 to ${atOnce - 1} workers.`);
  return { ...settings, atOncePerGroup, groupOf: orgOf };
}

/** Defines a job whose workers are shared by other groups than orgs. */
export function defineGroupedJob<Input extends object>(
  job: Pick<Job<Input>, JobSettings> & Required<Pick<Job<Input>, 'atOnce' | 'atOncePerGroup' | 'groupOf'>>,
): Job<Input> {
  return job;
}

function orgOf(input: OrgInput): string {
  return 'org_id' in input ? input.org_id : input.orgId;
}

/** Defines a job that belongs to no org. */
export function defineScheduledJob(
  job: Omit<ScheduledJob, 'input' | 'atOnce' | 'atOncePerGroup' | 'groupOf'>,
): ScheduledJob {
  return job;
}

/** Runs a job. It is called again after a crash, so it must be idempotent. */
export interface JobHandler<Input extends object> {
  /** @param signal aborted when the attempt takes too long, another process takes the job, or the server stops */
  run(input: Input, signal: AbortSignal): Promise<void>;
  /** Called after the last attempt failed or died with its process, until it succeeds. */
  giveUp?(input: Input): Promise<void>;
}

/** The queue of one job, as of some seconds ago. */
export interface JobDepth {
  readonly job: string;
  /** Due now. */
  readonly ready: number;
  /** Due later: retries and deferred jobs. */
  readonly deferred: number;
  readonly active: number;
  /** Given up in the last days. */
  readonly failed: number;
}
