import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';
import type { Config } from '../config/config.js';

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
export function createLog({ logLevel }: Pick<Config, 'logLevel'>): Log {
  return pino(
    {
      level: logLevel,
      redact: { paths: REDACTED, censor: '[redacted]' },
      serializers: { err: pino.stdSerializers.err, req: requestLine },
    },
    pino.destination({ fd: 2, sync: true }),
  );
}

/** A URL's query can hold a login token, so only its path is kept. */
function requestLine(request: { method: string; url: string; id: string }) {
  return { id: request.id, method: request.method, path: request.url.split('?', 1)[0] };
}

/** Nest's own messages through the same log. */
export function nestLogger(log: Log): LoggerService {
  const write = (level: 'info' | 'warn' | 'error' | 'debug') => (message: unknown, context?: unknown) =>
    log[level]({ context }, String(message));
  return { log: write('debug'), warn: write('warn'), error: write('error'), debug: write('debug') };
}
