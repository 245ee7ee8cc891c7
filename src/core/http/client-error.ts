import type { Socket } from 'node:net';
import { type ServerResponse, STATUS_CODES } from 'node:http';
import { lingeringClose } from './lingering-close.js';
import type { AppError } from '../errors/app-error.js';
import { coreErrors } from '../errors/core-errors.js';
import { errorAnswer } from '../errors/error-answer.js';

/** Errors of Node's HTTP parser, by its code; any other is `malformed_request`. */
const OF_PARSER: Readonly<Record<string, () => AppError>> = {
  HPE_HEADER_OVERFLOW: coreErrors.headers_too_large,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: coreErrors.body_too_large,
  ERR_HTTP_REQUEST_TIMEOUT: coreErrors.request_timeout,
};

/**
 * Answers what Node's HTTP parser refused, in the one error shape; there is no request object yet, only the socket.
 * @param headers that every answer has
 */
export function answerClientError(
  error: Error & { code?: string },
  socket: Socket,
  headers: Readonly<Record<string, string>>,
): void {
  // An answer that has begun is the only one: a second would be taken for the next request's. Node's own handler asks
  // the same of the same property.
  const { _httpMessage: answer } = socket as Socket & { _httpMessage?: ServerResponse | null };
  if (error.code === 'ECONNRESET' || !socket.writable || answer?.headersSent) {
    socket.destroySoon();
    return;
  }
  const make = OF_PARSER[error.code ?? ''] ?? coreErrors.malformed_request;
  const { status, body } = errorAnswer(make(), undefined, '');
  const text = JSON.stringify(body);
  const lines = Object.entries({
    ...headers,
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    Connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  lingeringClose(socket, `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${text}`);
}
