import type { Duplex } from 'node:stream';
import pg from 'pg';
import { connectionSettings, STATEMENT_TIMEOUT_MS } from './data-source.js';
import type { ReadValues, Statement } from './prepared-read.js';

/** What a read needs of pg's own connection, which its types leave out. The only place that knows it. */
interface WireConnection {
  readonly stream: Duplex;
  readonly parsedStatements: Record<string, string | undefined>;
  readonly submittedNamedStatements: Record<string, string | undefined>;
  parse(message: Statement): void;
  bind(message: { statement: string; values: ReadValues }): void;
  execute(message: { portal: string }): void;
  sync(): void;
}

type Settle = (error: Error | null, text?: string | null) => void;

const corked = new WeakSet<Duplex>();
const WATCH_EVERY_MS = 500;

/**
 * One read on the wire: no Describe, for nothing is asked about its column, and the row's text is handed on untouched.
 * What pg calls a query: it calls `submit`, then the handlers in the order that the server answers.
 */
class TextRead {
  readonly name: string;
  readonly text: string;
  readonly sentAtMs = performance.now();
  #row: string | null | undefined;

  constructor(
    statement: Statement,
    private readonly values: ReadValues,
    readonly callback: Settle,
  ) {
    this.name = statement.name;
    this.text = statement.text;
  }

  submit(connection: WireConnection): null {
    corkUntilTickEnds(connection.stream);
    const { name, text } = this;
    if (connection.parsedStatements[name] === undefined && connection.submittedNamedStatements[name] === undefined) {
      connection.parse({ name, text });
      connection.submittedNamedStatements[name] = text;
    }
    connection.bind({ statement: name, values: this.values });
    connection.execute({ portal: '' });
    connection.sync();
    return null;
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    if (this.#row === undefined) this.#row = fields[0];
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.callback(null, this.#row);
  }

  handleError(error: Error): void {
    this.callback(error);
  }
}
// A pipelined client takes nothing but pg.Query; its constructor makes what a read never uses, at a sixth of its cost.
Object.setPrototypeOf(TextRead.prototype, pg.Query.prototype);

/** All that a tick sends leaves in one system call. */
function corkUntilTickEnds(stream: Duplex): void {
  if (corked.has(stream)) return;
  corked.add(stream);
  stream.cork();
  process.nextTick(() => {
    corked.delete(stream);
    stream.uncork();
  });
}

/** One pipelining connection, from its opening to its end. Answers come in the order that reads were sent in. */
export class ReadLane {
  readonly #client: pg.Client;
  readonly #waiting = new Set<TextRead>();
  #isOpen = false;

  private constructor(url: string, onEnd: (lane: ReadLane) => void) {
    // The lane watches over its reads itself: a timer for each would cost a tenth of it.
    this.#client = new pg.Client({ ...connectionSettings(url), query_timeout: 0, pipeline: true });
    this.#client.on('error', () => this.#end(onEnd));
    this.#client.on('end', () => this.#end(onEnd));
  }

  /** @param onEnd called once, when an open lane has lost its connection */
  static async open(url: string, onEnd: (lane: ReadLane) => void): Promise<ReadLane> {
    const lane = new ReadLane(url, onEnd);
    await lane.#client.connect();
    lane.#isOpen = true;
    const watch = setInterval(() => lane.#endWhenOverdue(), WATCH_EVERY_MS).unref();
    lane.#client.once('end', () => clearInterval(watch));
    return lane;
  }

  /** How many reads were sent and not answered yet. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** @param settle called once; with an error also the milliseconds that the read had waited */
  send(
    statement: Statement,
    values: ReadValues,
    settle: (error: Error | null, text: string | null | undefined, waitedMs: number) => void,
  ): void {
    const read = new TextRead(statement, values, (error, text) => {
      // The connection's end reaches reads that were answered at that moment too.
      if (this.#waiting.delete(read)) settle(error, text, error ? performance.now() - read.sentAtMs : 0);
    });
    this.#waiting.add(read);
    this.#client.query(read as unknown as pg.Submittable);
  }

  /** Waits for the reads that were sent. */
  async close(): Promise<void> {
    this.#isOpen = false;
    await this.#client.end();
  }

  #end(onEnd: (lane: ReadLane) => void): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    onEnd(this);
  }

  /** The server ends a slow statement itself; a server that says nothing at all is noticed here. */
  #endWhenOverdue(): void {
    const [oldest] = this.#waiting;
    if (oldest === undefined || performance.now() - oldest.sentAtMs < STATEMENT_TIMEOUT_MS) return;
    const error = new Error('Query read timeout');
    for (const read of [...this.#waiting]) read.handleError(error);
    this.#client.connection.stream.destroy();
  }
}
