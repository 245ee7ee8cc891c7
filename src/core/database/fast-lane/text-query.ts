import type { Duplex } from 'node:stream';
import pg from 'pg';

/** A named statement is prepared on each connection when it first runs there; one without a name each time. */
export interface Statement {
  /** At most 63 bytes, Postgres's limit; the same name always means the same SQL. Empty: none. */
  readonly name: string;
  readonly text: string;
}

/** Parameters as they travel: Postgres's text format. */
export type WireValue = string | Buffer | null;

/** The first column of the first row, as Postgres sends it; null when it is NULL, undefined without a row. */
export type TextAnswer = string | null | undefined;

/** What a query needs of pg's own connection, which its types leave out. This file alone knows it. */
interface WireConnection {
  readonly stream: Duplex;
  readonly parsedStatements: Record<string, string | undefined>;
  readonly submittedNamedStatements: Record<string, string | undefined>;
  parse(message: Statement): void;
  bind(message: { statement: string; values: readonly WireValue[] }): void;
  execute(message: { portal: string }): void;
  sync(): void;
}

/**
 * One run of a statement, for any client of pg's: no Describe, for nothing is asked about its column, and the text of
 * its one column is handed on untouched. pg calls `submit`, then the handlers in the order that the server answers.
 */
export class TextQuery {
  readonly name: string;
  readonly text: string;
  #answer: TextAnswer;

  constructor(
    statement: Statement,
    private readonly values: readonly WireValue[],
    // Replaced by the client that bounds its queries' time.
    public callback: (error: Error | null, answer?: TextAnswer) => void,
  ) {
    this.name = statement.name;
    this.text = statement.text;
  }

  sendOn(client: pg.ClientBase): void {
    client.query(this as unknown as pg.Submittable);
  }

  submit(connection: WireConnection): null {
    corkUntilAllHaveSent(connection.stream);
    const { name, text } = this;
    if (connection.parsedStatements[name] === undefined && connection.submittedNamedStatements[name] === undefined) {
      connection.parse({ name, text });
      if (name !== '') connection.submittedNamedStatements[name] = text;
    }
    connection.bind({ statement: name, values: this.values });
    connection.execute({ portal: '' });
    connection.sync();
    return null;
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    if (this.#answer === undefined) this.#answer = fields[0];
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.callback(null, this.#answer);
  }

  handleError(error: Error): void {
    this.callback(error);
  }
}
// A pipelining client takes nothing but pg.Query; its constructor makes what this never uses, at a sixth of its cost.
Object.setPrototypeOf(TextQuery.prototype, pg.Query.prototype);

/** Runs a statement on a connection of the pool, which is thrown away only when it may be broken. */
export function queryText(pool: pg.Pool, statement: Statement, values: readonly WireValue[]): Promise<TextAnswer> {
  return new Promise((resolve, reject) => {
    pool.connect((refused, client, release) => {
      if (client === undefined) return reject(refused!);
      // Whoever holds a client hears of its end, and an error that nobody hears ends the process.
      client.on('error', leaveToQuery);
      const query = new TextQuery(statement, values, (error, answer) => {
        client.off('error', leaveToQuery);
        release(error === null || isRefusal(error) ? undefined : error);
        if (error === null) resolve(answer);
        else reject(error);
      });
      query.sendOn(client);
    });
  });
}

function leaveToQuery(): void {}

/** A value as Postgres reads it from text: instants in ISO 8601, arrays as its array literals. */
export function toWireValue(value: unknown): WireValue {
  if (value === null || value === undefined) return null;
  if (value instanceof Buffer) return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `{${value.map(toArrayElement).join(',')}}`;
  return String(value);
}

function toArrayElement(value: unknown): string {
  if (value === null) return 'NULL';
  return Array.isArray(value)
    ? String(toWireValue(value))
    : `"${String(toWireValue(value)).replace(/["\\]/g, '\\$&')}"`;
}

/** The server's word on one statement, after which its connection is as good as before. */
function isRefusal(error: Error): boolean {
  return error instanceof pg.DatabaseError && error.severity === 'ERROR';
}

const corked = new WeakSet<Duplex>();

/**
 * All that the requests of one turn of the event loop send leaves in one system call, which costs as much as all else
 * that is done for one of them. With nothing else to do the turn ends at once.
 */
function corkUntilAllHaveSent(stream: Duplex): void {
  if (corked.has(stream)) return;
  corked.add(stream);
  stream.cork();
  setImmediate(() => {
    corked.delete(stream);
    stream.uncork();
  });
}
