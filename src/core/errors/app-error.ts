import type { ErrorDefinition } from './error-definition.js';

/** One field's problem, as 400 bodies list them. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

export interface AppErrorDetails {
  readonly errors?: readonly FieldProblem[];
  readonly headers?: Readonly<Record<string, string>>;
  /** For the log only. */
  readonly cause?: unknown;
  /** More than the client is told, for code that knows this error. */
  readonly internal?: object | undefined;
}

/** An error that the client is told about. Everything in it but `cause` and `internal` is public. `defineErrors` makes them. */
export class AppError extends Error {
  constructor(
    readonly code: string,
    readonly definition: ErrorDefinition,
    message: string,
    readonly details: AppErrorDetails,
  ) {
    const { stackTraceLimit } = Error;
    // A stack trace takes a sixth of a refusal's time, and an error that is not logged needs none.
    if (definition.log === undefined) Error.stackTraceLimit = 0;
    super(message, { cause: details.cause });
    Error.stackTraceLimit = stackTraceLimit;
  }
}
