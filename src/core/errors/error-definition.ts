export type LogLevel = 'info' | 'warn' | 'error';

/** What the server answers for one error. */
export interface ErrorDefinition {
  readonly status: number;
  /** The public sentence; `{name}` is filled in from the error's parameters. */
  readonly message: string;
  /** Default: not logged. */
  readonly log?: LogLevel;
  /** The `refused` of a key's usage counts it. */
  readonly isRefusal?: true;
  /** The source of the contract that fixes the whole body, which therefore has no `code`. */
  readonly fixedBySource?: 'S0' | 'S1' | 'S3';
}
