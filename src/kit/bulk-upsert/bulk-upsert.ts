import { setImmediate as afterOtherRequests } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import type { Database } from '../../core/database/database.js';
import { inTransaction, takeTurn } from '../../core/database/transaction.js';
import { AppError } from '../../core/errors/app-error.js';
import { invalidRequest } from '../../core/errors/invalid-request.js';
import { isUniqueViolation } from '../../core/errors/postgres-error.js';
import { validateDto } from '../../core/validation/request.pipe.js';
import type { BulkResult, BulkRowResult } from './bulk-upsert.dto.js';
import { type BulkRules, type GivenRow, type Outcome, planRows, type StoredRow } from './plan-rows.js';

/** Other requests get their turn in between: an invalid row with many fields takes up to 10 ms. */
const ROWS_AT_ONCE = 10;
const ATTEMPTS_MAX = 5;

export interface BulkTable<Row extends StoredRow, Given extends GivenRow> extends BulkRules<Row, Given> {
  readonly dto: new () => Given;
  /** The unique indexes of the addresses. */
  readonly unique: readonly string[];
}

/** Creates and updates many rows of one table in a few statements. */
export class BulkUpsert<Row extends StoredRow, Given extends GivenRow> {
  readonly #lockRows: string;
  readonly #update: string;
  readonly #insert: string;

  constructor(
    private readonly database: Database,
    private readonly table: BulkTable<Row, Given>,
  ) {
    const { list, phoneColumn, blank } = table;
    const columns = Object.keys(blank).map((name) => `"${name}"`);
    const newest = (column: string, addresses: string) => `
      SELECT newest.id FROM unnest(${addresses}::text[]) AS given (address) CROSS JOIN LATERAL (
        SELECT id FROM "${list}" WHERE org_id = $1 AND "${column}" = given.address ORDER BY id DESC LIMIT 1
      ) newest`;
    const given = `json_populate_recordset(NULL::"${list}", $2::json) AS given`;
    this.#lockRows = `
      SELECT id, ${columns.join(', ')} FROM "${list}"
      WHERE org_id = $1 AND id IN (${newest('email', '$2')} UNION ${newest(phoneColumn, '$3')})
      ORDER BY id FOR NO KEY UPDATE`;
    this.#update = `
      UPDATE "${list}" SET ${columns.map((column) => `${column} = given.${column}`).join(', ')}, updated_at = now()
      FROM ${given} WHERE "${list}".org_id = $1 AND "${list}".id = given.id`;
    this.#insert = `
      INSERT INTO "${list}" (org_id, id, ${columns.join(', ')})
      SELECT $1::uuid, id, ${columns.join(', ')} FROM ${given}
      ON CONFLICT DO NOTHING RETURNING id`;
  }

  /**
   * Saves the valid rows in one transaction. An invalid or conflicting row fails alone.
   * @param saved runs in the transaction
   */
  async run(
    orgId: string,
    given: readonly object[],
    saved?: (manager: EntityManager, outcomes: readonly Outcome<Row>[]) => Promise<void>,
  ): Promise<BulkResult> {
    const rows = await this.#validated(given);
    return inTransaction(this.database.dataSource, async (manager) => {
      await this.takeTurn(manager, orgId);
      const outcomes = await this.#save(manager, orgId, rows);
      await saved?.(manager, outcomes);
      return resultOf(outcomes);
    });
  }

  /** Waits until no other transaction changes many rows of the org's table, so that none of them deadlock. */
  async takeTurn(manager: EntityManager, orgId: string): Promise<void> {
    const key = `${this.table.list} ${orgId}`;
    await takeTurn(manager, 'bulk', key);
    await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [key]);
  }

  async #validated(given: readonly object[]): Promise<(Given | AppError)[]> {
    const rows: (Given | AppError)[] = [];
    for (const [index, row] of given.entries()) {
      if (index % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) await afterOtherRequests();
      const answer = validateDto(row, this.table.dto, `${this.table.list}.${index}`);
      rows.push('problems' in answer ? invalidRequest(answer.problems) : answer.instance);
    }
    return rows;
  }

  /** Starts again if a single write took an address that the update was about to set. */
  async #save(
    manager: EntityManager,
    orgId: string,
    rows: readonly (Given | AppError)[],
    attempt = 1,
  ): Promise<Outcome<Row>[]> {
    try {
      // A savepoint, because a violated constraint ends the transaction otherwise.
      return await manager.transaction((nested) => this.#attempt(nested, orgId, rows));
    } catch (error) {
      const isTaken = this.table.unique.some((index) => isUniqueViolation(error, index));
      if (!isTaken || attempt === ATTEMPTS_MAX) throw error;
      return this.#save(manager, orgId, rows, attempt + 1);
    }
  }

  async #attempt(manager: EntityManager, orgId: string, rows: readonly (Given | AppError)[]): Promise<Outcome<Row>[]> {
    const valid = rows.filter((row): row is Given => !(row instanceof AppError));
    const addresses = [valid.map(({ email }) => email), valid.map(({ phone }) => phone)];
    const change = async (sql: string, changed: readonly Row[]) =>
      changed.length === 0 ? [] : manager.query(sql, [orgId, JSON.stringify(changed)]);
    const created = new Set<string>();
    for (;;) {
      const stored = (await manager.query(this.#lockRows, [orgId, ...addresses])) as Row[];
      const outcomes = planRows(this.table, rows, stored);
      const added = rowsOf(outcomes, 'created');
      const inserted = (await change(this.#insert, added)) as { id: string }[];
      for (const { id } of inserted) created.add(id);
      // Single writes took the addresses of the others: the next look finds and locks their rows.
      if (inserted.length < added.length) continue;
      await change(this.#update, rowsOf(outcomes, 'updated'));
      return outcomes.map((outcome) =>
        outcome.status === 'unchanged' && created.has(outcome.row.id) ? { ...outcome, status: 'created' } : outcome,
      );
    }
  }
}

function rowsOf<Row>(outcomes: readonly Outcome<Row>[], status: 'created' | 'updated'): Row[] {
  return outcomes.flatMap((outcome) => (outcome.status === status ? [outcome.row] : []));
}

function resultOf<Row extends StoredRow>(outcomes: readonly Outcome<Row>[]): BulkResult {
  const summary = { created: 0, updated: 0, unchanged: 0, failed: 0 };
  const results = outcomes.map((outcome, index): BulkRowResult => {
    const { status } = outcome;
    summary[status]++;
    if (status !== 'failed') return { index, status, id: outcome.row.id, error: null };
    const { code, message } = outcome.error;
    return { index, status, id: null, error: { code, message } };
  });
  return { results, summary };
}
