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
    const { stackTraceLimit } = Error;
    // Finding out where takes a sixth of a refusal, and where nothing is logged nobody reads it.
    if (definition.log === 'silent') Error.stackTraceLimit = 0;
    super(
      definition.message.replace(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? `{${name}}`),
      { cause: details.cause },
    );
    Error.stackTraceLimit = stackTraceLimit;
    this.definition = definition;
  }
}

/** 400 with the field named, for rules that a DTO's decorators can't express. */
export function invalidField(field: string, message: string): AppError {
  return invalidRequest([{ field, message }]);
}

const PROBLEMS_MAX = 50;
const FIELD_CHARACTERS_MAX = 100;
const MESSAGE_CHARACTERS_MAX = 300;

/**
 * 400 from a list of problems; the sentences together are the body's one `message`. Both are cut, so that an answer
 * never grows with what was sent.
 */
export function invalidRequest(problems: readonly FieldProblem[]): AppError {
  const errors = problems.slice(0, PROBLEMS_MAX).map(({ field, message }) => ({
    field: cut(field, FIELD_CHARACTERS_MAX),
    message: cut(message, MESSAGE_CHARACTERS_MAX),
  }));
  const sentences = errors.map(({ message }) => message);
  if (problems.length > PROBLEMS_MAX) sentences.push(`and ${problems.length - PROBLEMS_MAX} more`);
  return new AppError('invalid_request', { message: sentences.join('; ') }, { errors });
}

function cut(text: string, charactersMax: number): string {
  return text.length > charactersMax ? `${text.slice(0, charactersMax).toWellFormed()}…` : text;
}
