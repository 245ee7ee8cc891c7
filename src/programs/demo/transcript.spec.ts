import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { call } from './transcript.js';

let server: Server;
let request: { method: string; url: string; headers: Record<string, string> };
beforeAll(async () => {
  server = createServer((_request, response) =>
    response.setHeader('Content-Type', 'application/json').writeHead(409).end('{"message":"taken"}'),
  );
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  request = { method: 'GET', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, headers: {} };
  vi.spyOn(console, 'log').mockReturnValue();
});
afterAll(() => {
  vi.restoreAllMocks();
  server.close();
});

test('an expected response is returned', async () => {
  const { body } = await call(request, { status: 409, body: { message: 'taken' } });
  expect(body).toEqual({ message: 'taken' });
});

test.each([{ status: 201 }, { status: 409, body: { message: 'free' } }])(
  'a response other than %j ends the demo',
  async (expected) => {
    await expect(call(request, expected)).rejects.toThrow(/Expected .* but GET http.* answered otherwise/);
  },
);
