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
 * Answers errors of Node's HTTP parser in the shape of all errors. There is only a socket, no request.
 * @param headers of every answer
 */
export function answerClientError(
  error: Error & { code?: string },
  socket: Socket,
  headers: Readonly<Record<string, string>>,
): void {
  // After a started answer, a second would be taken for the answer to the next request. Node's own handler reads the
  // same property.
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
