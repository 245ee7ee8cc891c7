import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';
import { errorLine } from './error-line.js';

export type Log = Logger;
export const LOG = Symbol('Log');

/** Wherever a credential can travel; none is ever written, whatever the level. */
const REDACTED = [
  'req.headers.authorization',
  'req.headers.cookie',
  'req.headers["x-api-key"]',
  'req.headers["x-api-secret"]',
  'res.headers["set-cookie"]',
];

/** One JSON line per event on stderr, so that stdout stays the CLI's. */
export function createLog({ logLevel }: { readonly logLevel: string }): Log {
  return pino(
    {
      level: logLevel,
      redact: { paths: REDACTED, censor: '[redacted]' },
      serializers: { err: errorLine, req: requestLine },
    },
    pino.destination({ fd: 2, sync: true }),
  );
}

/** Stands for the route of a request that no route matches: its path is whatever the client has sent. */
const UNKNOWN_ROUTE = '(unknown)';

/** A path can hold a credential (a webhook's token) and so can a query, so only the route's pattern is logged. */
function requestLine(request: {
  readonly id: string;
  readonly method: string;
  readonly routeOptions?: { readonly url?: string };
}) {
  return { id: request.id, method: request.method, route: request.routeOptions?.url ?? UNKNOWN_ROUTE };
}

/** Nest's own messages through the same log. */
export function nestLogger(log: Log): LoggerService {
  const write = (level: 'info' | 'warn' | 'error' | 'debug') => (message: unknown, context?: unknown) =>
    log[level]({ context }, String(message));
  return { log: write('debug'), warn: write('warn'), error: write('error'), debug: write('debug') };
}
