import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { answerClientError } from './client-error.js';

/** What a client reads when Node's parser raises that error on its connection. */
async function answerTo(code: string): Promise<string> {
  const error = Object.assign(new Error('parser'), { code });
  const server = createServer((socket) => answerClientError(error, socket, { 'X-Request-Id': 'id' })).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  const answer = await text(connect((server.address() as AddressInfo).port, '127.0.0.1'));
  server.close();
  return answer;
}

it.each([
  [
    'HPE_INVALID_METHOD',
    '400 Bad Request',
    '{"statusCode":400,"message":"The request is not valid HTTP.","code":"malformed_request"}',
  ],
  [
    'ERR_HTTP_REQUEST_TIMEOUT',
    '408 Request Timeout',
    '{"statusCode":408,"message":"The request took too long to arrive.","code":"request_timeout"}',
  ],
  [
    'HPE_CHUNK_EXTENSIONS_OVERFLOW',
    '413 Payload Too Large',
    '{"statusCode":413,"message":"The body is too large.","code":"body_too_large"}',
  ],
  [
    'HPE_HEADER_OVERFLOW',
    '431 Request Header Fields Too Large',
    '{"statusCode":431,"message":"The request headers are too large.","code":"headers_too_large"}',
  ],
])('%s is answered as %s, in the standard shape', async (code, status, body) => {
  expect(await answerTo(code)).toBe(
    `HTTP/1.1 ${status}\r\nX-Request-Id: id\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );
});

it('a closed connection gets no answer', async () => {
  expect(await answerTo('ECONNRESET')).toBe('');
});
