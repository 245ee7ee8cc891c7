import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PatientPool } from './patient-pool.js';

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
let pool: PatientPool;
beforeEach(async () => {
  // A server that shuts down while it takes a session: the welcome and the farewell arrive in one packet.
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(Buffer.concat([AUTHENTICATED, READY, SHUTTING_DOWN])));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  pool = new PatientPool({ host: '127.0.0.1', port, user: 'nobody', ssl: false });
  pool.on('error', () => undefined);
});
afterEach(async () => {
  await pool.end();
  await new Promise((closed) => server.close(closed));
});

it('outlives a session that is ended before anybody could listen for it, and says so to who uses it', async () => {
  const client = await pool.connect();
  await expect(client.query('SELECT 1')).rejects.toThrow(/not queryable|terminated/);
  client.release(true);
});
