import { ERROR_CATALOGUE, type ErrorCode, type ErrorDefinition } from './error-catalogue.js';

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
}

/**
 * A refusal that the client is told about. Everything in it but `cause` is public.
 * @example throw new AppError('not_found', { what: 'Contact' })
 */
export class AppError extends Error {
  readonly definition: ErrorDefinition;

  constructor(
    readonly code: ErrorCode,
    parameters: Readonly<Record<string, string>> = {},
    readonly details: AppErrorDetails = {},
  ) {
    const definition = ERROR_CATALOGUE[code];
    super(
      definition.message.replace(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? `{${name}}`),
      { cause: details.cause },
    );
    this.definition = definition;
  }
}

/** 400 with the field named, for rules that a DTO's decorators can't express. */
export function invalidField(field: string, message: string): AppError {
  return invalidRequest([{ field, message }]);
}

/** 400 from a list of problems; the sentences together are the body's one `message`. */
export function invalidRequest(errors: readonly FieldProblem[]): AppError {
  return new AppError('invalid_request', { message: errors.map((problem) => problem.message).join('; ') }, { errors });
}
