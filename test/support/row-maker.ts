import type { Database } from '../../src/core/database/database.js';
import { uuidV7 } from '../../src/core/database/uuid-v7.js';

export interface Column {
  readonly name: string;
  /** As Postgres prints it: `text`, `timestamp(3) with time zone`, `text[]`. */
  readonly type: string;
  readonly isNullable: boolean;
  readonly hasDefault: boolean;
  /** The values that a CHECK constraint allows. */
  readonly choices: readonly string[];
}

interface ForeignKey {
  readonly columns: readonly string[];
  readonly target: string;
  readonly targetColumns: readonly string[];
}

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly uniqueKeys: readonly (readonly string[])[];
  readonly primaryKey: readonly string[];
  readonly checks: readonly Check[];
}

interface Check {
  readonly name: string;
  readonly columns: readonly string[];
}

export type Row = Readonly<Record<string, unknown>>;

const COLUMNS = `
  SELECT c.relname AS "table", a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
    NOT a.attnotnull AS "isNullable", a.atthasdef OR a.attidentity <> '' AS "hasDefault",
    coalesce((
      SELECT array_agg(literal[1] ORDER BY literal[1]) FROM pg_constraint, regexp_matches(pg_get_constraintdef(oid), '''([^'']*)''::text', 'g') literal
      WHERE conrelid = c.oid AND contype = 'c' AND conkey = ARRAY[a.attnum] AND pg_get_constraintdef(oid) LIKE '%= ANY%'
    ), '{}') AS choices
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE c.relkind IN ('r', 'p') AND c.relname <> 'request_log' AND NOT c.relispartition AND c.relnamespace = current_schema()::regnamespace
  ORDER BY c.relname, a.attnum`;

const names = (table: string, numbers: string) =>
  `ARRAY(SELECT attname::text FROM unnest(${numbers}) WITH ORDINALITY key (number, place)
     JOIN pg_attribute ON attrelid = ${table} AND attnum = number ORDER BY place)`;

const FOREIGN_KEYS = `
  SELECT conrelid::regclass::text AS "table", ${names('conrelid', 'conkey')} AS columns,
    confrelid::regclass::text AS target, ${names('confrelid', 'confkey')} AS "targetColumns"
  FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY conname`;

const CHECKS = `
  SELECT conrelid::regclass::text AS "table", conname AS name, ${names('conrelid', 'conkey')} AS columns
  FROM pg_constraint WHERE contype = 'c' AND connamespace = current_schema()::regnamespace`;

const UNIQUE_KEYS = `
  SELECT indrelid::regclass::text AS "table", ${names('indrelid', 'indkey::smallint[]')} AS columns, indisprimary AS "isPrimary"
  FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
  WHERE indisunique AND relnamespace = current_schema()::regnamespace ORDER BY relname`;

/** Tables with a hash chain, which inserted rows would break. */
export const HASH_CHAINED: ReadonlySet<string> = new Set(['audit_entries']);

type Of<T> = T & { readonly table: string };

/** Makes rows for any table from the catalogue of the database, so that new tables need no test code. */
export class RowMaker {
  #count = 0;

  private constructor(
    private readonly database: Database,
    readonly tables: ReadonlyMap<string, Table>,
  ) {}

  static async of(database: Database): Promise<RowMaker> {
    const read = async <T>(sql: string) => (await database.query(sql)).rows as unknown as Of<T>[];
    const [columns, foreignKeys, uniqueKeys, checks] = [
      await read<Column>(COLUMNS),
      await read<ForeignKey>(FOREIGN_KEYS),
      await read<{ columns: string[]; isPrimary: boolean }>(UNIQUE_KEYS),
      await read<Check>(CHECKS),
    ];
    const of = <T>(rows: readonly Of<T>[], name: string) => rows.filter(({ table }) => table === name);
    const tables = [...new Set(columns.map(({ table }) => table))].map((name): [string, Table] => [
      name,
      {
        name,
        columns: of(columns, name),
        foreignKeys: of(foreignKeys, name),
        uniqueKeys: of(uniqueKeys, name).map((key) => key.columns),
        primaryKey: of(uniqueKeys, name).find(({ isPrimary }) => isPrimary)?.columns ?? [],
        checks: of(checks, name),
      },
    ]);
    return new RowMaker(database, new Map(tables));
  }

  /** The tables with an org and an id. */
  get ofOrgs(): Table[] {
    return [...this.tables.values()].filter(({ columns }) =>
      ['org_id', 'id'].every((name) => columns.some((column) => column.name === name)),
    );
  }

  /** Related rows of one org: one of each table, made on demand. */
  in(orgId: string): OrgRows {
    return new OrgRows(this, orgId);
  }

  /** Other columns get their defaults. @returns the complete rows */
  async insert(table: string, rows: readonly Row[]): Promise<Row[]> {
    const columns = Object.keys(rows[0]!).map((name) => `"${name}"`);
    const inserted = await this.database.query(
      `INSERT INTO "${table}" AS made (${columns.join()})
       SELECT ${columns.join()} FROM jsonb_populate_recordset(NULL::"${table}", $1) RETURNING to_jsonb(made) AS row`,
      [JSON.stringify(rows)],
    );
    return inserted.rows.map(({ row }) => row as Row);
  }

  /** The table that a column refers to: by its foreign key, otherwise by its name. */
  targetOf({ foreignKeys }: Table, { name, type }: Column): string | undefined {
    if (type !== 'uuid' || !name.endsWith('_id')) return undefined;
    const key = foreignKeys.find(({ columns, targetColumns }) => targetColumns[columns.indexOf(name)] === 'id');
    const names = [...this.tables.keys()];
    const plural = `${name.replace(/_id$/, '')}s`;
    return key?.target ?? names.find((each) => each === plural) ?? names.find((each) => each.endsWith(`_${plural}`));
  }

  /** Ignores updates that violate a constraint. */
  async update(sql: string, values: unknown[]): Promise<void> {
    await this.database.query(sql, values).catch((error: { code?: string }) => {
      if (!isRuleOfTable(error.code)) throw error;
    });
  }

  /** A unique value if the type allows it. */
  valueOf({ uniqueKeys, primaryKey }: Table, { type, choices, name }: Column): unknown {
    const number = ++this.#count;
    if (choices.length > 0) return type.endsWith('[]') ? [choices[0]] : choices[0];
    if (type.endsWith('[]')) return [];
    if (type === 'uuid') return uuidV7();
    if (type === 'text' || type.startsWith('character')) {
      if (name === 'domain_name') return `a${number}.example`;
      return name.includes('email') ? `a${number}@acme.example` : `a${number}`;
    }
    if (type.startsWith('timestamp')) return new Date().toISOString();
    if (type === 'date') return '2026-11-02';
    if (type === 'boolean') return true;
    if (type === 'jsonb' || type === 'json') return {};
    if (type === 'bytea') return `\\x${number.toString(16).padStart(64, '0')}`;
    if (type === 'tsvector') return '';
    const isAlone = uniqueKeys.some((key) => key.every((each) => each === name || each === 'org_id'));
    return isAlone || primaryKey.includes(name) ? number : 1;
  }
}

/** Whether a foreign key, unique or CHECK constraint is violated. */
const isRuleOfTable = (code = '') => ['23503', '23505', '23514'].includes(code);

interface Wishes {
  /** Optional columns to fill. */
  readonly filled?: ReadonlySet<string>;
  /** Parents of one table, one for each row. By default, all rows share one parent. */
  readonly parents?: { readonly table: string; readonly rows: readonly Row[] };
  /** Values of all rows. */
  readonly fixed?: Row;
}

/** Columns with the org's id. Endpoints of an org name it twice. */
const OF_ORG: ReadonlySet<string> = new Set(['org_id', 'owner_id']);

/** The rows of one org. */
export class OrgRows {
  readonly #rows = new Map<string, Promise<Row>>();

  constructor(
    private readonly maker: RowMaker,
    readonly orgId: string,
  ) {}

  /** The row of that table that other rows refer to. */
  one(table: string): Promise<Row> {
    let row = this.#rows.get(table);
    if (row === undefined) this.#rows.set(table, (row = this.make(table, 1).then(([made]) => made!)));
    return row;
  }

  /** If a CHECK constraint refuses the rows, fills an optional column of that constraint and tries again. */
  async make(name: string, count: number, wishes: Wishes = {}): Promise<Row[]> {
    const table = this.maker.tables.get(name)!;
    const rows = await this.#rowsOf(table, count, wishes);
    try {
      return await this.maker.insert(name, rows);
    } catch (error) {
      const { filled = new Set() } = wishes;
      const refusing = table.checks.find((check) => check.name === (error as { constraint?: string }).constraint);
      const more = table.columns.find(
        (column) => column.isNullable && !filled.has(column.name) && refusing?.columns.includes(column.name),
      );
      if (more === undefined) throw error;
      return this.make(name, count, { ...wishes, filled: new Set([...filled, more.name]) });
    }
  }

  /** Makes rows, and for each of them one row of every table that requires a parent of this kind. */
  async makeWithChildren(name: string, count: number): Promise<void> {
    const rows = await this.make(name, count);
    const isChild = ({ columns, foreignKeys }: Table) =>
      foreignKeys.some(
        (key) =>
          key.target === name &&
          columns.every((column) => !key.columns.includes(column.name) || !(column.isNullable || column.hasDefault)),
      );
    for (const child of [...this.maker.tables.values()].filter(isChild)) {
      await this.make(child.name, count, { parents: { table: name, rows } });
    }
  }

  /** Makes one row of every table, and fills all references between them. */
  async all(): Promise<ReadonlyMap<Table, Row>> {
    const rows = new Map<Table, Row>();
    for (const table of this.maker.ofOrgs.filter(({ name }) => !HASH_CHAINED.has(name))) {
      rows.set(table, await this.one(table.name));
    }
    for (const [table, row] of rows) {
      for (const column of table.columns.filter(({ name }) => row[name] === null)) {
        const target = this.maker.targetOf(table, column);
        if (target !== undefined && target !== table.name) await this.#point(table, row, column, target);
      }
    }
    return rows;
  }

  async #point(table: Table, row: Row, { name }: Column, target: string): Promise<void> {
    const { id } = await this.one(target);
    await this.maker.update(`UPDATE "${table.name}" SET "${name}" = $1 WHERE id = $2`, [id, row['id']]);
  }

  async #rowsOf(table: Table, count: number, { filled, parents: given, fixed }: Wishes): Promise<Row[]> {
    const isWanted = ({ name, isNullable, hasDefault }: Column) =>
      filled?.has(name) || name === 'org_id' || !(isNullable || hasDefault);
    const wanted = table.columns.filter(isWanted);
    const rows: Record<string, unknown>[] = Array.from({ length: count }, () => ({ ...fixed }));
    for (const { columns, target, targetColumns } of table.foreignKeys) {
      if (target === 'orgs' || !columns.every((name) => wanted.some((column) => column.name === name))) continue;
      const parents = given?.table === target ? given.rows : await this.#parentsOf(table, columns, target, count);
      rows.forEach((row, index) => {
        columns.forEach((name, place) => (row[name] ??= parents[index]![targetColumns[place]!]));
      });
    }
    for (const row of rows) {
      for (const column of wanted) {
        row[column.name] ??= OF_ORG.has(column.name) ? this.orgId : this.maker.valueOf(table, column);
      }
    }
    return rows;
  }

  /** One shared parent, or one per row if a unique key allows only one child. */
  async #parentsOf(table: Table, columns: readonly string[], target: string, count: number): Promise<Row[]> {
    const isAlone = table.uniqueKeys.some((key) => key.every((name) => name === 'org_id' || columns.includes(name)));
    if (isAlone) return this.make(target, count);
    const parent = await this.one(target);
    return Array.from({ length: count }, () => parent);
  }
}
