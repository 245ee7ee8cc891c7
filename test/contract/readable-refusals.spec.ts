import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { Gatehouse, GatehouseError } from '../../sdk/src/index.js';
import { TestServer } from '../support/start-app.js';
import { RawConnection, sendRaw } from './support/raw-http.js';

const CLIENTS = join(import.meta.dirname, '..', '..', 'bench', 'refusals');
const MEBIBYTE = 1024 * 1024;
const CALLS = 5;
const run = promisify(execFile);

const server = TestServer.forSuite();
let key: string;

beforeAll(async () => {
  ({ key } = await server.newOrgKey(await server.newOrg()));
});

const LARGE_BODIES: [what: string, path: string, bytes: number, withKey: boolean, status: number][] = [
  ['1.1 MiB to a route that takes less', '/contacts', 1.1 * MEBIBYTE, true, 413],
  ['6 MiB to a route that takes less', '/contacts', 6 * MEBIBYTE, true, 413],
  ['6 MiB without a key', '/contacts', 6 * MEBIBYTE, false, 401],
  ['10 MB to no route', '/nowhere', 10_000_000, false, 404],
];

describe.each(LARGE_BODIES)('the refusal of %s reaches the client', (_what, path, bytes, withKey, status) => {
  /** The results of repeated calls by a client in another process, counted by status or error. */
  async function seenBy(command: string, ...args: string[]): Promise<unknown> {
    const call = [`${server.url}${path}`, String(Math.round(bytes)), String(CALLS), ...(withKey ? [key] : [])];
    const { stdout } = await run(command, [...args, ...call]);
    return JSON.parse(stdout);
  }

  it("with Node's fetch", async () => {
    expect(await seenBy(process.execPath, join(CLIENTS, 'fetch-client.js'))).toEqual({ [status]: CALLS });
  });

  it.runIf(spawnSync('curl', ['--version']).status === 0)('with curl', async () => {
    expect(await seenBy('sh', join(CLIENTS, 'curl-client.sh'))).toEqual({ [status]: CALLS });
  });

  it('with the SDK', async () => {
    const client = new Gatehouse({ url: server.url, key: withKey ? key : 'none' });
    const post = client.post.bind(client) as (path: string, options: object) => Promise<unknown>;
    const error = await post(path, { body: { a: 'x'.repeat(bytes) } }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GatehouseError);
    expect((error as GatehouseError).status).toBe(status);
  });

  it('with a client that reads only after it has sent everything', async () => {
    using connection = await RawConnection.open(server.url);
    const lines = ['Host: gatehouse.test', 'Content-Type: application/json', `Content-Length: ${Math.round(bytes)}`];
    if (withKey) lines.push(`Authorization: Bearer ${key}`);
    connection.pauseReading();
    connection.write(`POST ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    await connection.writeAll(Buffer.alloc(Math.round(bytes), 'x'));
    connection.resumeReading();
    expect((await connection.answer()).status).toBe(status);
  });
});

describe('Expect: 100-continue', () => {
  async function ask(length: number, ...lines: string[]) {
    const connection = await RawConnection.open(server.url);
    const own = ['Host: gatehouse.test', 'Content-Type: application/json', 'Expect: 100-continue', ...lines];
    connection.write(`PUT /tags HTTP/1.1\r\n${own.join('\r\n')}\r\nContent-Length: ${length}\r\n\r\n`);
    return connection;
  }

  it('gets the final status if the head is refused, and the connection closes', async () => {
    for (const [length, token, status] of [
      [10, 'wrong', 401],
      [2 * MEBIBYTE, key, 413],
    ] as const) {
      using connection = await ask(length, `Authorization: Bearer ${token}`);
      expect(await connection.answer()).toMatchObject({ status, headers: { connection: 'close' } });
      await connection.ended();
    }
  });

  it('gets 100 if the head is accepted, and then the answer on the same connection', async () => {
    const body = '{"tag_name":"continued"}';
    using connection = await ask(body.length, `Authorization: Bearer ${key}`);
    expect((await connection.answer()).status).toBe(100);
    connection.write(body);
    expect(await connection.answer()).toMatchObject({ status: 200, headers: { connection: 'keep-alive' } });
  });
});

describe('Content-Encoding', () => {
  const put = (coding: string, body: Buffer) =>
    sendRaw(server.url, {
      method: 'PUT',
      target: '/tags',
      headers: [
        ['Authorization', `Bearer ${key}`],
        ['Content-Type', 'application/json'],
        ['Content-Encoding', coding],
      ],
      body,
    });
  const plain = Buffer.from('{"tag_name":"encoded"}');

  it.each<[string, Buffer]>([
    ['gzip', gzipSync(plain)],
    ['br', plain],
    ['identity, gzip', plain],
    ['x', plain],
  ])('other than identity is 415, whatever the body: %s', async (coding, body) => {
    expect(await put(coding, body)).toMatchObject({
      status: 415,
      headers: { 'accept-encoding': 'identity' },
      body: '{"statusCode":415,"message":"Content-Encoding must be identity: send the body uncompressed.","code":"unsupported_content_encoding"}',
    });
  });

  it('identity is accepted', async () => {
    expect((await put('Identity', plain)).status).toBe(200);
  });

  it('is 415 for forms too', async () => {
    const answer = await server
      .as(key)
      .post('/media/upload')
      .set({ 'Content-Type': 'multipart/form-data; boundary=x', 'Content-Encoding': 'gzip' })
      .send('--x--');
    expect(answer.status).toBe(415);
  });
});

it('OPTIONS * gets the standard error body', async () => {
  expect(await sendRaw(server.url, { method: 'OPTIONS', target: '*' })).toMatchObject({
    status: 404,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: '{"statusCode":404,"message":"Route not found","error":"Not Found","code":"route_not_found"}',
  });
});

it('CONNECT gets the standard error body', async () => {
  expect(await sendRaw(server.url, { method: 'CONNECT', target: 'example.com:443' })).toMatchObject({
    status: 400,
    body: '{"statusCode":400,"message":"The request is not valid HTTP.","code":"malformed_request"}',
  });
});
