import type { Pool } from 'pg';
import { queryText, type Statement, type TextAnswer } from './text-query.js';

/** Parameters in Postgres's text format: numbers and times as text, lists as array literals. */
export type ReadValues = readonly (string | null)[];

/** A statement that was prepared once and is run many times. */
export interface PreparedRead {
  /**
   * The first column of the first row, as the text that Postgres sends; null when it is NULL, undefined without a row.
   * @throws whatever the database says: SQLSTATEs, or a plain error when it is away
   */
  text(values: ReadValues): Promise<TextAnswer>;
}

/**
 * Reads of one statement that let Postgres make the answer: one column of JSON text, sent to the client as it is.
 * A port: how a statement travels is the implementation's.
 */
export abstract class PreparedReads {
  readonly #texts = new Map<string, string>();

  /**
   * @param name at most 63 bytes, Postgres's limit; the same name always means the same SQL
   * @param text one SELECT that takes its values as $1, $2, …
   */
  prepare(name: string, text: string): PreparedRead {
    if (Buffer.byteLength(name) > 63) throw new Error(`The name of the statement ${name} is too long.`);
    if ((this.#texts.get(name) ?? text) !== text) throw new Error(`Two statements are named ${name}.`);
    this.#texts.set(name, text);
    const statement = { name, text };
    return { text: (values) => this.run(statement, values) };
  }

  /** What `PreparedRead.text` does. */
  abstract run(statement: Statement, values: ReadValues): Promise<TextAnswer>;
}

/**
 * One connection of the pool for each read, planned for the values at hand: for what may be slow, where a plan for any
 * value can be off by a factor of thousands, and for when there is no other way.
 */
export class PooledReads extends PreparedReads {
  constructor(private readonly pool: Pool) {
    super();
  }

  run({ text }: Statement, values: ReadValues): Promise<TextAnswer> {
    return queryText(this.pool, { name: '', text }, values);
  }
}
