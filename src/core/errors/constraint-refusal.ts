import type { FieldProblem } from './app-error.js';
import { coreErrors } from './core-errors.js';
import { invalidRequest } from './invalid-request.js';
import { isCheckViolation, isUniqueViolation, violatedForeignKey } from './postgres-error.js';

/** What the constraints of a table mean to a client. */
export interface ConstraintWords {
  /** One row, such as `Contact`. */
  readonly label: string;
  /** Unique index → the field that 409 names. */
  readonly unique?: Readonly<Record<string, string>>;
  /** Check → what 400 says of which field. */
  readonly checks?: Readonly<Record<string, FieldProblem>>;
  /** Foreign key → what 404 calls the row that an id in the body should have named. */
  readonly references?: Readonly<Record<string, string>>;
  /** Foreign key of another table → what 409 says uses a row that was to be deleted. */
  readonly users?: Readonly<Record<string, string>>;
}

/** A constraint's violation as the client is told of it: taken or in_use (409), not_found (404), invalid_request (400); any other error as it is. */
export function constraintRefusal(
  error: unknown,
  { label, unique = {}, checks = {}, references = {}, users = {} }: ConstraintWords,
): unknown {
  const problem = Object.entries(checks).find(([constraint]) => isCheckViolation(error, constraint))?.[1];
  if (problem !== undefined) return invalidRequest([problem]);
  const field = Object.entries(unique).find(([constraint]) => isUniqueViolation(error, constraint))?.[1];
  if (field !== undefined) return coreErrors.taken({ what: label, field }, { cause: error });
  const foreignKey = violatedForeignKey(error) ?? '';
  const user = users[foreignKey];
  if (user !== undefined) return coreErrors.in_use({ what: label, user }, { cause: error });
  const what = references[foreignKey];
  return what === undefined ? error : coreErrors.not_found({ what }, { cause: error });
}
