import pg from 'pg';

/** Connections and statements of the lease, the jobs, usage counts and the request log, which no request sends. */
const BEHIND = ['gatehouse lease', 'gatehouse jobs'];
const FLUSH =
  /\bINSERT INTO (?:key_usage|request_log)\b|\badd_(?:request_log_day|month)\b|^\s*SELECT DISTINCT ON \(key_id\)/;

type Query = (this: pg.Client, ...parameters: unknown[]) => unknown;

/** Records every statement that requests send to Postgres in this process. */
export class SqlCount {
  private readonly original = pg.Client.prototype.query as Query;
  private sent: string[] = [];

  private constructor() {
    const { original } = this;
    const note = (text: string) => void this.sent.push(text);
    pg.Client.prototype.query = function query(this: pg.Client, ...parameters: unknown[]) {
      const text = textOf(parameters[0]);
      if (!BEHIND.includes(applicationOf(this)) && !FLUSH.test(text)) note(text);
      return original.apply(this, parameters);
    } as typeof pg.Client.prototype.query;
  }

  /** Counts until `stop()`, also on connections that are open already. */
  static start(): SqlCount {
    return new SqlCount();
  }

  /** The statements since the last `during`. */
  get statements(): readonly string[] {
    return this.sent;
  }

  stop(): void {
    pg.Client.prototype.query = this.original as typeof pg.Client.prototype.query;
  }

  /** The statements during `work`; no other work may run. */
  async during(work: () => Promise<unknown>): Promise<string[]> {
    this.sent = [];
    await work();
    return this.sent;
  }
}

/** The tables that statements name. */
export function tablesOf(statements: readonly string[]): ReadonlySet<string> {
  const names = statements.flatMap((text) => [...text.matchAll(/\b(?:FROM|JOIN|INTO|UPDATE) "?(\w+)/g)]);
  return new Set(names.map(([, name]) => name!));
}

function textOf(statement: unknown): string {
  return typeof statement === 'string' ? statement : String((statement as { text?: unknown } | undefined)?.text);
}

function applicationOf(client: pg.Client): string {
  const { connectionParameters } = client as unknown as { connectionParameters?: { application_name?: string } };
  return connectionParameters?.application_name ?? '';
}
