import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PrimaryClient } from './primary-client.js';

const AUTHENTICATED = message('R', Buffer.alloc(4));
const ON_STANDBY = message('S', Buffer.from('in_hot_standby\0on\0'));
const READY = message('Z', Buffer.from('I'));

/** A message of Postgres' wire protocol. */
function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(4 + body.length);
  return Buffer.concat([Buffer.from(type), length, body]);
}

let silent: Server;
const sockets: Socket[] = [];
beforeAll(async () => {
  // Starts sessions on what may be a standby, and answers no statement.
  silent = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    socket.once('data', () => socket.write(Buffer.concat([AUTHENTICATED, ON_STANDBY, READY])));
  }).listen(0, '127.0.0.1');
  await once(silent, 'listening');
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  silent.close();
});

it('gives up on a server that is silent after it has started a session, so that others may connect', async () => {
  const { port } = silent.address() as AddressInfo;
  const connect = () =>
    // Lanes time their statements out themselves.
    new PrimaryClient({
      host: '127.0.0.1',
      port,
      user: 'test',
      connectionTimeoutMillis: 100,
      query_timeout: 0,
      pipeline: true,
    }).connect();
  const asked = await Promise.allSettled(Array.from({ length: 6 }, connect));
  expect(asked.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 'rejected'));
});
