import type { DataSource, EntityManager } from 'typeorm';
import { SEAL_PREFIX_BYTES, type SealKey, type SecretBox } from '../encryption/secret-box.js';
import { SEALED_PLACES, type SealedPlace } from '../encryption/sealed-columns.js';
import { inTransaction } from './transaction.js';

/** Small, so that the locks of one transaction delay no request for long. */
const ROWS_PER_BATCH = 100;

type Query = (text: string, values?: unknown[]) => Promise<{ rows: Record<string, unknown>[] }>;

/** The number of one column's seals by key. */
export interface SealCount extends Readonly<Record<SealKey, number>> {
  readonly table: string;
}

/** The result of resealing one column. */
export interface Resealed {
  readonly table: string;
  readonly resealed: number;
  /** No configured key opens them. */
  readonly unopened: number;
}

/** Counts the seals of every column by key, without opening them. */
export async function countSeals(query: Query, secretBox: SecretBox): Promise<SealCount[]> {
  const counts: SealCount[] = [];
  for (const { table, column } of SEALED_PLACES) {
    const { rows } = await query(
      `SELECT substring(${column} FROM 1 FOR ${SEAL_PREFIX_BYTES}) AS prefix, count(*)::int AS count
       FROM ${table} WHERE ${column} IS NOT NULL GROUP BY 1`,
    );
    const count = { table, current: 0, older: 0, unknown: 0, unmarked: 0 };
    for (const row of rows) count[secretBox.keyOf(row['prefix'] as Buffer)] += row['count'] as number;
    counts.push(count);
  }
  return counts;
}

/**
 * Seals anew what isn't sealed under the current key, a batch for each transaction, beside servers that read and
 * write the same rows. Ended early, it is simply run again.
 */
export async function resealAll(dataSource: DataSource, secretBox: SecretBox): Promise<Resealed[]> {
  const done: Resealed[] = [];
  for (const place of SEALED_PLACES) {
    let resealed = 0;
    let pass: Resealed;
    do {
      // A pass skips rows that another transaction has locked.
      pass = await resealOnce(dataSource, secretBox, place);
      resealed += pass.resealed;
    } while (pass.resealed > 0);
    done.push({ table: place.table, resealed, unopened: pass.unopened });
  }
  return done;
}

async function resealOnce(dataSource: DataSource, secretBox: SecretBox, place: SealedPlace): Promise<Resealed> {
  let resealed = 0;
  let unopened = 0;
  let last: Row | undefined;
  let rows: Row[];
  do {
    rows = await inTransaction(dataSource, async (manager) => {
      const batch = await lockBatch(manager, secretBox, place, last);
      for (const row of batch) {
        if (await resealRow(manager, secretBox, place, row)) resealed += 1;
        else unopened += 1;
      }
      return batch;
    });
    last = rows.at(-1);
  } while (last !== undefined);
  return { table: place.table, resealed, unopened };
}

type Row = Readonly<Record<string, unknown>> & { readonly sealed: Buffer };

function lockBatch(
  manager: EntityManager,
  { currentPrefix }: SecretBox,
  { table, column, primaryKey }: SealedPlace,
  after: Row | undefined,
): Promise<Row[]> {
  const key = primaryKey.join(', ');
  const from = after && `AND (${key}) > (${primaryKey.map((_, at) => `$${at + 2}`).join(', ')})`;
  return manager.query<Row[]>(
    `SELECT ${key}, ${column} AS sealed FROM ${table}
     WHERE substring(${column} FROM 1 FOR ${SEAL_PREFIX_BYTES}) <> $1 ${from ?? ''}
     ORDER BY ${key} LIMIT ${ROWS_PER_BATCH} FOR UPDATE SKIP LOCKED`,
    [currentPrefix, ...(after ? primaryKey.map((name) => after[name]) : [])],
  );
}

/** @returns false if no key opens the seal */
async function resealRow(
  manager: EntityManager,
  secretBox: SecretBox,
  { table, column, primaryKey, purposeOf }: SealedPlace,
  row: Row,
): Promise<boolean> {
  const purpose = purposeOf(row);
  const plaintext = secretBox.tryOpen(row.sealed, purpose);
  if (plaintext === undefined) return false;
  const isRow = primaryKey.map((name, at) => `${name} = $${at + 2}`).join(' AND ');
  await manager.query(`UPDATE ${table} SET ${column} = $1 WHERE ${isRow}`, [
    secretBox.seal(plaintext, purpose),
    ...primaryKey.map((name) => row[name]),
  ]);
  return true;
}
