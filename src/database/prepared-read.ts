import type { Pool } from 'pg';

/** Parameters in Postgres's text format: numbers and times as text, lists as array literals. */
export type ReadValues = readonly (string | null)[];

/** A statement that was prepared once and is run many times. */
export interface PreparedRead {
  /**
   * The first column of the first row, as the text that Postgres sends; null when it is NULL, undefined without a row.
   * @throws whatever the database says: SQLSTATEs, or a plain error when it is away
   */
  text(values: ReadValues): Promise<string | null | undefined>;
}

/**
 * Reads of one statement that let Postgres make the answer: one column of JSON text, sent to the client as it is.
 * A port: how a statement travels is the implementation's.
 */
export abstract class PreparedReads {
  readonly #texts = new Map<string, string>();

  /**
   * @param name at most 63 bytes, Postgres's limit; the same name always means the same SQL
   * @param sql one SELECT that takes its values as $1, $2, …
   */
  prepare(name: string, sql: string): PreparedRead {
    if (Buffer.byteLength(name) > 63) throw new Error(`The name of the statement ${name} is too long.`);
    if ((this.#texts.get(name) ?? sql) !== sql) throw new Error(`Two statements are named ${name}.`);
    this.#texts.set(name, sql);
    const statement = { name, text: sql };
    return { text: (values) => this.run(statement, values) };
  }

  /** What `PreparedRead.text` does. */
  abstract run(statement: Statement, values: ReadValues): Promise<string | null | undefined>;
}

export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** One connection of the pool for each read: for what may be slow, and for when there is no other way. */
export class PooledReads extends PreparedReads {
  constructor(private readonly pool: Pool) {
    super();
  }

  async run({ name, text }: Statement, values: ReadValues): Promise<string | null | undefined> {
    const { rows } = await this.pool.query<[string | null]>({ name, text, values: [...values], rowMode: 'array' });
    return rows[0]?.[0];
  }
}
