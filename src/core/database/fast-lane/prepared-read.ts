import type { Pool } from 'pg';
import type { RunStatement, Statement, TextAnswer } from './statement.js';
import { WireJson } from '../../wire/wire-json.js';

/** Parameters in Postgres's text format: numbers and times as text, lists as array literals. */
export type ReadValues = readonly (string | null)[];

/** A statement that was prepared once and is run many times. */
export interface PreparedRead {
  /** @throws what the database reports (with its SQLSTATE), or a plain error when it is away */
  text(values: ReadValues): Promise<TextAnswer>;

  /** The same, of a column of JSON; undefined also when it is NULL. */
  json<T>(values: ReadValues): Promise<WireJson<T> | undefined>;

  /** The same, parsed, for callers that don't send it as it is. */
  row<T>(values: ReadValues): Promise<T | undefined>;
}

/**
 * Reads of one statement whose answer Postgres makes: one column of JSON text, sent to the client as it is. Subclasses
 * decide how a statement travels.
 */
export abstract class PreparedReads {
  readonly #statements = new Map<string, string>();

  /**
   * @param name at most 63 bytes, Postgres's limit; the same name always means the same SQL
   * @param sql one SELECT that takes its values as $1, $2, …
   */
  prepare(name: string, sql: string): PreparedRead {
    if (Buffer.byteLength(name) > 63) throw new Error(`The name of the statement ${name} is too long.`);
    if ((this.#statements.get(name) ?? sql) !== sql) throw new Error(`Two statements are named ${name}.`);
    this.#statements.set(name, sql);
    const statement = { name, text: sql };
    const text = (values: ReadValues) => this.run(statement, values);
    const json = async <T>(values: ReadValues) => {
      const answer = await text(values);
      return typeof answer === 'string' ? new WireJson<T>(answer) : undefined;
    };
    return { text, json, row: async <T>(values: ReadValues) => (await json<T>(values))?.parse() };
  }

  abstract run(statement: Statement, values: ReadValues): Promise<TextAnswer>;
}

/**
 * Reads that each take a connection of the pool and are planned for their values. Slow statements need that: a plan for
 * any value can be off by a factor of thousands.
 */
export class PooledReads extends PreparedReads {
  constructor(
    private readonly pool: Pool,
    private readonly runStatement: RunStatement,
  ) {
    super();
  }

  run({ text }: Statement, values: ReadValues): Promise<TextAnswer> {
    return this.runStatement(this.pool, { name: '', text }, values);
  }
}
