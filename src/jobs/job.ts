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
  /** Most at once in one process; 1 by default. */
  readonly atOnce?: number;
  /** For work that the clock starts: the five fields of cron, in UTC. One process does it, and none while one does. */
  readonly schedule?: string;
  /** Only carries the input's type. */
  readonly input?: Input;
}

export function defineJob<Input extends object = Record<string, never>>(job: Omit<Job<Input>, 'input'>): Job<Input> {
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
