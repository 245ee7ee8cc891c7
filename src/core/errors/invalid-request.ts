import type { AppError, FieldProblem } from './app-error.js';
import { coreErrors } from './core-errors.js';

const PROBLEMS_MAX = 50;
const FIELD_CHARACTERS_MAX = 100;
const MESSAGE_CHARACTERS_MAX = 300;

/** 400 that names one field, for rules that a DTO's decorators can't express. */
export function invalidField(field: string, message: string): AppError {
  return invalidRequest([{ field, message }]);
}

/**
 * 400 from a list of problems; their sentences joined are the body's `message`. Both are cut, so that the size of an
 * answer doesn't depend on the request.
 * @param problemsMax how many are named; the others are counted
 */
export function invalidRequest(problems: readonly FieldProblem[], problemsMax = PROBLEMS_MAX): AppError {
  const errors = problems.slice(0, problemsMax).map(({ field, message }) => ({
    field: cut(field, FIELD_CHARACTERS_MAX),
    message: cut(message, MESSAGE_CHARACTERS_MAX),
  }));
  const sentences = errors.map(({ message }) => message);
  if (problems.length > problemsMax) sentences.push(`and ${problems.length - problemsMax} more`);
  return coreErrors.invalid_request({ message: sentences.join('; ') }, { errors });
}

function cut(text: string, charactersMax: number): string {
  return text.length > charactersMax ? `${text.slice(0, charactersMax).toWellFormed()}…` : text;
}
