import type { Duplex } from 'node:stream';
import pg from 'pg';
import type { WireValue } from '../wire-value.js';
import { isStatementError } from './plain-query.js';
import type { RunStatement, Statement, TextAnswer } from './statement.js';

/** Private parts of pg's connection that a query needs. Only this file relies on them. */
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
 * One run of a statement on any pg client. It sends no Describe, since only the text of one column is read. A named
 * statement is prepared on each connection when it first runs there. pg calls `submit`, then the handlers in the order
 * that the server answers.
 */
export class TextQuery {
  readonly name: string;
  readonly text: string;
  #answer: TextAnswer;

  constructor(
    statement: Statement,
    private readonly values: readonly WireValue[],
    // pg replaces it on a client with a query timeout.
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
// A pipelining client accepts only pg.Query, whose constructor does work that this class doesn't need.
Object.setPrototypeOf(TextQuery.prototype, pg.Query.prototype);

/** Runs a statement as a `TextQuery`. */
export const runAsText: RunStatement = (pool, statement, values) =>
  new Promise((resolve, reject) => {
    pool.connect((refused, client, release) => {
      if (client === undefined) return reject(refused!);
      const query = new TextQuery(statement, values, (error, answer) => {
        release(error === null || isStatementError(error) ? undefined : error);
        if (error === null) resolve(answer);
        else reject(error);
      });
      query.sendOn(client);
    });
  });

const corked = new WeakSet<Duplex>();

/**
 * Sends everything that the requests of one turn of the event loop write in one system call, which costs as much as the
 * rest of the work for one of them. When nothing else is to be done, the turn ends at once.
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
