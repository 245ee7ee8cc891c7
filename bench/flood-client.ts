import { randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { FloodOrder, FloodReport } from './flood.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CONNECTIONS = 32;
const TICK_MS = 5;
const secret = Buffer.alloc(22);
let made = 0;

process.on('message', (order: FloodOrder) => {
  void flood(order).then((report) => process.send!(report));
});

/** Plain sockets, because a load generator would take CPU time from the measured processes. */
async function flood(order: FloodOrder): Promise<FloodReport> {
  const { hostname, port } = new URL(order.url);
  const statuses: Record<string, number> = {};
  const idle = await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true });
      await once(socket, 'connect');
      return socket;
    }),
  );
  const all = [...idle];
  const startedAt = performance.now();
  let sent = 0;
  const sendDue = () => {
    const due = (order.perSecond * (performance.now() - startedAt)) / 1000;
    for (let socket: Socket | undefined; sent < due && (socket = idle.pop()); sent++) socket.write(requestOf(order));
  };
  for (const socket of all) {
    // The server sends a refusal in one small write, so it arrives whole.
    socket.on('data', (answer) => {
      const status = answer.toString('latin1', 9, 12);
      statuses[status] = (statuses[status] ?? 0) + 1;
      idle.push(socket);
      sendDue();
    });
  }
  const clock = setInterval(sendDue, TICK_MS);
  await pause(order.seconds * 1000);
  clearInterval(clock);
  for (const socket of all) socket.destroy();
  return { perSecond: sent / order.seconds, statuses };
}

function requestOf({ path, addresses }: FloodOrder): string {
  const number = made++ % addresses;
  const from = `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`;
  return `GET ${path} HTTP/1.1\r\nHost: flood\r\nAuthorization: Bearer ${unknownKey()}\r\nX-Forwarded-For: ${from}\r\n\r\n`;
}

/** Keys with a valid checksum, which only the database can refuse. Hex digits are valid base62, and faster to generate. */
function unknownKey(): string {
  const body = `ocx_live_${randomFillSync(secret).toString('hex').slice(0, 43)}`;
  let checksum = '';
  for (let rest = crc32(body); checksum.length < 6; rest = Math.floor(rest / 62))
    checksum = BASE62[rest % 62] + checksum;
  return body + checksum;
}
