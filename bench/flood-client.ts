import { randomFillSync } from 'node:crypto';
import { crc32 } from 'node:zlib';
import autocannon, { type Request } from 'autocannon';
import type { FloodOrder, FloodReport } from './flood.ts';
import { CONNECTIONS } from './load.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const bytes = Buffer.alloc(22);
let sent = 0;

process.on('message', (order: FloodOrder) => {
  void flood(order).then((report) => process.send!(report));
});

async function flood({ url, perSecond, seconds, addresses, path }: FloodOrder): Promise<FloodReport> {
  const setupRequest = (request: Request): Request => {
    sent++;
    const from = `10.${(sent % addresses) >> 16}.${((sent % addresses) >> 8) & 255}.${(sent % addresses) & 255}`;
    return { ...request, headers: { Authorization: `Bearer ${unknownKey()}`, 'X-Forwarded-For': from } };
  };
  const { requests, duration, statusCodeStats } = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    sampleInt: 100,
    overallRate: perSecond,
    setupClient: (client) => client.setRequests([{ path, setupRequest }]),
  });
  const statuses = Object.fromEntries(Object.entries(statusCodeStats).map(([code, { count }]) => [code, count]));
  return { perSecond: requests.total / duration, statuses };
}

/** With a right checksum, so that only the database can tell; hex digits are base62 too, and quicker to make. */
function unknownKey(): string {
  const body = `ocx_live_${randomFillSync(bytes).toString('hex').slice(0, 43)}`;
  let checksum = '';
  for (let rest = crc32(body); checksum.length < 6; rest = Math.floor(rest / 62))
    checksum = BASE62[rest % 62] + checksum;
  return body + checksum;
}
