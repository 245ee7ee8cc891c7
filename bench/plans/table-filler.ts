import type pg from 'pg';

interface Column {
  readonly name: string;
  readonly type: string;
  readonly isNullable: boolean;
  readonly hasDefault: boolean;
  readonly choices: readonly string[];
  /** The table that it refers to. */
  readonly target: string | null;
  /** Whether its values are unique. */
  readonly isUnique: boolean;
  /** Whether a CHECK over several columns is satisfied by this column. */
  readonly isDemanded: boolean;
}

const COLUMNS = `
  SELECT attname AS name, format_type(atttypid, atttypmod) AS type, NOT attnotnull AS "isNullable",
    atthasdef OR attidentity <> '' AS "hasDefault",
    coalesce((
      SELECT array_agg(literal[1]) FROM pg_constraint c, regexp_matches(pg_get_constraintdef(c.oid), '''([^'']*)''::text', 'g') literal
      WHERE conrelid = attrelid AND contype = 'c' AND conkey = ARRAY[attnum] AND pg_get_constraintdef(c.oid) LIKE '%= ANY%'
    ), '{}') AS choices,
    (SELECT confrelid::regclass::text FROM pg_constraint
     WHERE conrelid = attrelid AND contype = 'f' AND attnum = ANY (conkey) AND attname <> 'org_id' LIMIT 1) AS target,
    EXISTS (SELECT FROM pg_index WHERE indrelid = attrelid AND indisunique AND attnum = ANY (indkey::smallint[])) AS "isUnique",
    EXISTS (SELECT FROM pg_constraint
      WHERE conrelid = attrelid AND contype = 'c' AND cardinality(conkey) > 1 AND attnum = conkey[1]) AS "isDemanded"
  FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`;

/** Rows and their parents belong to the calling org if their number is even, else to another org. */
const OTHER_ORG = '00000000-0000-7000-8000-000000000001';
const PARENTS = 1_000;
const FIRST_MS = 1_763_800_000_000;
const PARENT = `((n / 2) % ${PARENTS / 2} * 2 + n % 2)`;

/** Fills tables by the database catalogue. A number has the same id in every table. */
export class TableFiller {
  readonly #filled = new Set<string>();
  readonly parentId = idOf(2);
  readonly middleCursor: string;
  readonly #client: pg.Client;
  readonly #orgId: string;
  readonly #rows: number;

  private constructor(client: pg.Client, orgId: string, rows: number) {
    this.#client = client;
    this.#orgId = orgId;
    this.#rows = rows;
    this.middleCursor = Buffer.from(idOf(Math.round(rows / 2)).replaceAll('-', ''), 'hex').toString('base64url');
  }

  static async of(client: pg.Client, orgId: string, rows: number): Promise<TableFiller> {
    // Skips foreign keys and triggers for speed: the rows are consistent.
    await client.query(`SET session_replication_role = replica; SET synchronous_commit = off`);
    return new TableFiller(client, orgId, rows);
  }

  /** That table and the tables that it requires. */
  async fill(table: string): Promise<void> {
    if (this.#filled.has(table) || table === 'orgs') return;
    this.#filled.add(table);
    const { rows } = await this.#client.query<Column>(COLUMNS, [table]);
    const columns = rows.filter((column) => isWanted(column));
    for (const { target } of columns) if (target !== null) await this.fill(target);
    const names = columns.map(({ name }) => `"${name}"`).join();
    const values = columns.map((column) => `(${this.#valueOf(column)})::${column.type}`).join();
    await this.#client.query(
      `INSERT INTO "${table}" (${names}) SELECT ${values} FROM generate_series(0, ${this.#rows - 1}) n`,
    );
    await this.#client.query(`VACUUM ANALYZE "${table}"`);
  }

  #valueOf({ name, type, choices, target, isUnique }: Column): string {
    if (name === 'org_id') return `CASE n % 2 WHEN 0 THEN '${this.#orgId}' ELSE '${OTHER_ORG}' END::uuid`;
    if (choices.length > 0) {
      const list = `ARRAY[${choices.map((choice) => `'${choice}'`).join()}]`;
      return type.endsWith('[]') ? `(${list})[1:1]` : `(${list})[1 + n % ${choices.length}]`;
    }
    if (target !== null) return sqlIdOf(isUnique ? 'n' : PARENT);
    if (type === 'uuid') return sqlIdOf('n');
    if (type.startsWith('timestamp')) return `to_timestamp((${FIRST_MS} + n) / 1000.0)`;
    if (type === 'text' || type.startsWith('character'))
      return /email/.test(name) ? `'a' || n || '@acme.example'` : `'a' || n`;
    if (type.endsWith('[]')) return `'{}'`;
    if (type === 'tsvector') return `to_tsvector('simple', 'a' || n)`;
    if (type === 'bytea') return `decode(md5(n::text) || md5(n::text), 'hex')`;
    if (type === 'date') return `date '2026-11-02' - n % 365`;
    if (type === 'boolean') return 'true';
    if (type.startsWith('json')) return `'{}'`;
    return type === 'smallint' ? '1' : 'n + 1';
  }
}

const ALWAYS = new Set(['id', 'org_id', 'created_at']);

function isWanted({ name, isNullable, hasDefault, isDemanded }: Column): boolean {
  return ALWAYS.has(name) || isDemanded || !(isNullable || hasDefault);
}

/** A UUID v7 that increases with the number. */
function idOf(number: number): string {
  const hex = `${(FIRST_MS + number).toString(16).padStart(12, '0')}70008000${number.toString(16).padStart(12, '0')}`;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function sqlIdOf(number: string): string {
  return `(lpad(to_hex(${FIRST_MS} + ${number}), 12, '0') || '70008000' || lpad(to_hex(${number}), 12, '0'))::uuid`;
}
