import type { FieldProblem } from './app-error.js';
import { coreErrors } from './core-errors.js';
import { invalidRequest } from './invalid-request.js';
import { isCheckViolation, isUniqueViolation, violatedForeignKey } from './postgres-error.js';

/** The error messages for violated constraints of one table. */
export interface ConstraintWords {
  /** The name of one row, such as `Contact`. */
  readonly label: string;
  /** Unique index → the field that the 409 names. */
  readonly unique?: Readonly<Record<string, string>>;
  /** Check → the field and message of the 400. */
  readonly checks?: Readonly<Record<string, FieldProblem>>;
  /** Foreign key → the name of the missing row in the 404. */
  readonly references?: Readonly<Record<string, string>>;
  /** Foreign key of another table → the user of the row in the 409. */
  readonly users?: Readonly<Record<string, string>>;
}

/**
 * Turns the violation of a constraint into taken or in_use (409), not_found (404) or invalid_request (400). Returns any other
 * error unchanged.
 */
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
