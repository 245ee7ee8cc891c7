import { context, SpanKind, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import pg from 'pg';
import type { Database } from '../../core/database/database.js';
import type { CurrentSpan } from './current-span.js';

type Query = (...args: unknown[]) => unknown;

/** Makes a span of each statement of a request. Its name is the first word of the statement: texts and values stay out. */
export class SqlSpans {
  constructor(
    private readonly tracer: Tracer,
    private readonly current: CurrentSpan,
  ) {}

  /** Replaces `query` of pg's clients, for this process. */
  watchClients(): void {
    const { tracer, current } = this;
    const prototype = pg.Client.prototype as unknown as { query: Query };
    const original = prototype.query;
    prototype.query = function query(this: unknown, ...args: unknown[]): unknown {
      const text = textOf(args[0]);
      const parent = current.getStore();
      if (parent === undefined || text === undefined) return original.apply(this, args);
      const end = startIn(tracer, parent, text);
      const callback = args.at(-1);
      if (typeof callback === 'function') {
        args[args.length - 1] = (error: unknown, ...rest: unknown[]) => {
          end(error);
          (callback as Query)(error, ...rest);
        };
        return original.apply(this, args);
      }
      const result = original.apply(this, args);
      if (result instanceof Promise) result.then(() => end(), end);
      return result;
    };
  }

  /** The prepared reads of the fast lane have connections of their own. */
  watchReads({ reads }: Database): void {
    const original = reads.run.bind(reads);
    reads.run = (read, values) => {
      const parent = this.current.getStore();
      if (parent === undefined) return original(read, values);
      const end = startIn(this.tracer, parent, read.text);
      const result = original(read, values);
      result.then(() => end(), end);
      return result;
    };
  }
}

/** Undefined for objects that pg calls by itself. */
function textOf(query: unknown): string | undefined {
  if (typeof query === 'string') return query;
  if (typeof query !== 'object' || query === null || 'submit' in query) return undefined;
  return 'text' in query ? String(query.text) : undefined;
}

function startIn(tracer: Tracer, parent: Parameters<typeof trace.setSpan>[1], text: string): (error?: unknown) => void {
  const operation = (/\w+/.exec(text.slice(0, 100))?.[0] ?? 'SQL').toUpperCase();
  const attributes = { 'db.system.name': 'postgresql', 'db.operation.name': operation };
  const span = tracer.startSpan(
    operation,
    { kind: SpanKind.CLIENT, attributes },
    trace.setSpan(context.active(), parent),
  );
  return (error) => {
    if (error) {
      // Messages of Postgres can quote values.
      span.setAttribute('error.type', String((error as { code?: unknown }).code ?? 'error'));
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end();
  };
}
