import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, multistream, pino, type Logger } from 'pino';
import { errorLine } from './error-line.js';

export type Log = Logger;
export const LOG = Symbol('Log');

/** Headers that can hold credentials. They are never logged, at any level. */
const REDACTED = [
  'req.headers.authorization',
  'req.headers.cookie',
  'req.headers["x-api-key"]',
  'req.headers["x-api-secret"]',
  'res.headers["set-cookie"]',
];

/** Writes one JSON line per event to stderr; stdout is for the CLI's output. @param also gets the same lines */
export function createLog({ logLevel }: { readonly logLevel: string }, also?: DestinationStream): Log {
  const stderr = pino.destination({ fd: 2, sync: true });
  return pino(
    {
      level: logLevel,
      redact: { paths: REDACTED, censor: '[redacted]' },
      serializers: { err: errorLine, req: requestLine },
    },
    also === undefined
      ? stderr
      : multistream([
          { level: 0, stream: stderr },
          { level: 0, stream: also },
        ]),
  );
}

/** Logged if no route matches, because the client chooses the path. */
const UNKNOWN_ROUTE = '(unknown)';

/** A path or query can hold a credential, such as a webhook's token. Only the route's pattern is logged. */
function requestLine(request: {
  readonly id: string;
  readonly method: string;
  readonly routeOptions?: { readonly url?: string };
}) {
  return { id: request.id, method: request.method, route: request.routeOptions?.url ?? UNKNOWN_ROUTE };
}

/** Writes Nest's messages to the log. */
export function nestLogger(log: Log): LoggerService {
  const write = (level: 'info' | 'warn' | 'error' | 'debug') => (message: unknown, context?: unknown) =>
    log[level]({ context }, String(message));
  return { log: write('debug'), warn: write('warn'), error: write('error'), debug: write('debug') };
}
