import type pg from 'pg';

/** A table or a view. */
export interface Relation {
  readonly kind: string;
  /** Changes when Postgres writes the whole table anew. */
  readonly file: string;
}

export interface Column {
  readonly table: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly isFilled: boolean;
}

/** A CHECK, a foreign key or an exclusion. */
export interface Constraint {
  readonly table: string;
  readonly columns: readonly string[];
  readonly definition: string;
}

export interface Index {
  readonly table: string;
  readonly isUnique: boolean;
  /** Names of columns; null for an expression. */
  readonly columns: readonly (string | null)[];
  /** Without its name. */
  readonly definition: string;
}

/** What statements of the server depend on, by name. Columns are named with their table. */
export interface Catalogue {
  readonly relations: ReadonlyMap<string, Relation>;
  readonly columns: ReadonlyMap<string, Column>;
  readonly constraints: ReadonlyMap<string, Constraint>;
  readonly indexes: ReadonlyMap<string, Index>;
  readonly functions: ReadonlyMap<string, object>;
}

/** Partitions have the columns and keys of their parent. */
const IS_OURS = `relnamespace = current_schema()::regnamespace AND NOT relispartition AND relname <> 'migrations'`;

const RELATIONS = `
  SELECT relname AS name, relkind AS kind, relfilenode::text AS file FROM pg_class
  WHERE relkind IN ('r', 'p', 'v', 'm', 'S') AND ${IS_OURS}`;

const COLUMNS = `
  SELECT format('%s.%s', relname, attname) AS name, relname AS table, format_type(atttypid, atttypmod) AS type,
    attnotnull AS "isRequired", atthasdef OR attidentity <> '' AS "isFilled"
  FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
  WHERE relkind IN ('r', 'p', 'v', 'm') AND attnum > 0 AND NOT attisdropped AND ${IS_OURS}`;

// Keys are among the indexes, and NOT NULL among the columns.
const CONSTRAINTS = `
  SELECT format('%s.%s', relname, conname) AS name, relname AS table, pg_get_constraintdef(pg_constraint.oid) AS definition,
    array(SELECT attname::text FROM pg_attribute WHERE attrelid = conrelid AND attnum = ANY (conkey)) AS columns
  FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
  WHERE contype IN ('c', 'f', 'x') AND ${IS_OURS}`;

const INDEXES = `
  SELECT own.relname AS name, pg_class.relname AS table, indisunique AS "isUnique",
    regexp_replace(pg_get_indexdef(indexrelid), '^.* USING ', '') AS definition,
    array(
      SELECT attname::text FROM unnest(indkey::smallint[]) WITH ORDINALITY key (number, place)
      LEFT JOIN pg_attribute ON attrelid = indrelid AND attnum = number AND number > 0 ORDER BY place
    ) AS columns
  FROM pg_index JOIN pg_class ON pg_class.oid = indrelid JOIN pg_class own ON own.oid = indexrelid
  WHERE ${IS_OURS.replaceAll(/\brel(?=\w)/g, 'pg_class.rel')}`;

const FUNCTIONS = `
  SELECT oid::regprocedure::text AS name FROM pg_proc WHERE pronamespace = current_schema()::regnamespace`;

export async function readCatalogue(client: pg.ClientBase): Promise<Catalogue> {
  const read = async <Row extends object>(sql: string) =>
    new Map((await client.query<Row & { name: string }>(sql)).rows.map(({ name, ...row }) => [name, row as Row]));
  return {
    relations: await read<Relation>(RELATIONS),
    columns: await read<Column>(COLUMNS),
    constraints: await read<Constraint>(CONSTRAINTS),
    indexes: await read<Index>(INDEXES),
    functions: await read(FUNCTIONS),
  };
}
