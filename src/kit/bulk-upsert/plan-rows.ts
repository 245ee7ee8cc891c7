import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../core/errors/app-error.js';
import { coreErrors } from '../../core/errors/core-errors.js';
import { invalidField } from '../../core/errors/invalid-request.js';
import { uuidV7 } from '../../core/database/uuid-v7.js';

/** A valid row of a request. */
export interface GivenRow {
  readonly email?: string | null;
  readonly phone?: string | null;
}

/** The id of a row, and the columns that a request can set. */
export interface StoredRow {
  readonly id: string;
  readonly email: string | null;
}

export interface BulkRules<Row extends StoredRow, Given extends GivenRow> {
  /** The table, which the list in the request is called after. */
  readonly list: string;
  /** The name of one row, such as `Contact`. */
  readonly label: string;
  readonly phoneColumn: keyof Row & string;
  /** The values of a new row before those of the request. */
  readonly blank: Omit<Row, 'id'>;
  /**
   * Returns the row with the values of the request.
   * @param field of the row in the request
   * @throws AppError if the result isn't valid
   */
  merge(present: Row, given: Given, field: string): Row;
}

export interface UpdatedRow<Row> {
  readonly status: 'updated';
  readonly row: Row;
  readonly before: Row;
}
/** What becomes of one row of a request. */
export type Outcome<Row> =
  | { readonly status: 'created' | 'unchanged'; readonly row: Row }
  | UpdatedRow<Row>
  | { readonly status: 'failed'; readonly error: AppError };

/**
 * Decides what becomes of each row: it changes the stored row with its e-mail address, else the one with its phone number,
 * else it is created. A row fails that shares an address, or a stored row, with a row before it.
 * @param rows valid ones, and the errors of the others
 * @param stored oldest first; the newest row with an address counts
 */
export function planRows<Row extends StoredRow, Given extends GivenRow>(
  { list, label, phoneColumn, blank, merge }: BulkRules<Row, Given>,
  rows: readonly (Given | AppError)[],
  stored: readonly Row[],
): Outcome<Row>[] {
  const byEmail = new Map<unknown, Row>(stored.map((row) => [row.email, row]));
  const byPhone = new Map<unknown, Row>(stored.map((row) => [row[phoneColumn], row]));
  const noun = label.toLowerCase();
  /** Ids and addresses, with the index of the row that has them. */
  const used = new Map<string, number>();

  const plan = (given: Given, index: number): Outcome<Row> => {
    const field = `${list}.${index}`;
    const { email, phone } = given;
    const ofEmail = email ? byEmail.get(email) : undefined;
    const ofPhone = phone ? byPhone.get(phone) : undefined;
    const before = ofEmail ?? ofPhone;
    const keys = [before?.id, email, phone].filter((key) => key !== undefined && key !== null);
    const twin = keys.map((key) => used.get(key)).find((other) => other !== undefined);
    if (twin !== undefined) throw invalidField(field, `${field} repeats ${list}.${twin}: give each ${noun} once`);
    if (ofEmail && ofPhone && ofEmail !== ofPhone && ofEmail[phoneColumn] !== phone) {
      throw coreErrors.taken({ what: label, field: 'phone' });
    }
    const row = merge(before ?? ({ ...blank, id: uuidV7() } as Row), given, field);
    for (const key of keys) used.set(key, index);
    if (before === undefined) return { status: 'created', row };
    return isDeepStrictEqual(row, before) ? { status: 'unchanged', row } : { status: 'updated', row, before };
  };

  return rows.map((given, index) => {
    try {
      if (given instanceof AppError) throw given;
      return plan(given, index);
    } catch (error) {
      if (error instanceof AppError) return { status: 'failed', error };
      throw error;
    }
  });
}
