import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connectionSettings } from './connection-settings.js';
import { QueueingPool } from './queueing-pool.js';

const AUTHENTICATED = message('R', Buffer.from([0, 0, 0, 0]));
const READY = message('Z', Buffer.from('I'));
const SHUTTING_DOWN = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection\0\0'));

/** In Postgres's own framing: a letter, the length of the rest, the rest. */
function message(type: string, content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + content.length);
  return Buffer.concat([Buffer.from(type), length, content]);
}

let server: Server;
let url: string;
beforeEach(async () => {
  // A server that shuts down as it accepts a session: ReadyForQuery and the FATAL error arrive in one packet.
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(Buffer.concat([AUTHENTICATED, READY, SHUTTING_DOWN])));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `postgres://unused@127.0.0.1:${(server.address() as AddressInfo).port}/none`;
});
afterEach(() => new Promise((closed) => server.close(closed)));

it.each([QueueingPool, pg.Pool])(
  'a session that ends before its owner listens fails the next statement, not the process (%o)',
  async (Pool) => {
    const pool = new Pool(connectionSettings(url));
    pool.on('error', () => undefined);
    const client = await pool.connect();
    await expect(client.query('SELECT 1')).rejects.toThrow(/not queryable|terminated/);
    client.release(true);
    await pool.end();
  },
);
