import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Bench, Measured } from '../bench.ts';
import { BodyFlood } from '../body-flood.ts';
import { type Figure, ratioOf } from '../figure.ts';
import { startGatehouse } from '../gatehouse.ts';
import { Caller } from '../latency.ts';
import type { ServerProcess } from '../server-process.ts';

const CLIENTS = 8;
const LEAD_MS = 500;
const UNFINISHED = 500;
const UNFINISHED_BYTES = 1_000_000;

export const p17: Measured = {
  id: 'P17',
  title: 'anonymous clients that send large bodies',
  async measure(bench) {
    await using world = await bench.smallWorld();
    await using server = await startGatehouse(world.database.url);
    const key = world.keys[0]!.token;
    return [await whileBodiesCome(bench, server, key), await unfinishedBodies(server, key)];
  },
};

/** Latency of one caller, alternately alone and during the flood. */
async function whileBodiesCome({ pace }: Bench, { url }: ServerProcess, key: string): Promise<Figure> {
  await using caller = await Caller.open(url);
  await using flood = await BodyFlood.start(url, CLIENTS);
  const p99 = async () => {
    const times: number[] = [];
    const end = performance.now() + pace.seconds * 1000;
    while (performance.now() < end) times.push(await caller.get('/whoami', key));
    return times.sort((one, other) => one - other)[Math.floor(times.length * 0.99)]!;
  };
  const rounds: { alone: number; flooded: number }[] = [];
  for (let round = 0; round <= pace.rounds; round++) {
    const alone = await p99();
    flood.go();
    await new Promise((resolve) => setTimeout(resolve, LEAD_MS));
    const flooded = await p99();
    await flood.stop();
    rounds.push({ alone, flooded });
  }
  // The first round is the warm-up.
  const measured = rounds.slice(1);
  const value = (milliseconds: number) => milliseconds;
  const [flooded, alone] = [measured.map((round) => round.flooded), measured.map((round) => round.alone)];
  return {
    id: 'P17',
    what: `p99 of GET /whoami while ${CLIENTS} anonymous clients send 1 MiB bodies / alone`,
    goal: { atMost: 3 },
    ratio: ratioOf(flooded, alone, value),
    note: `alone ${Math.min(...alone).toFixed(2)} ms at best; bodies answered: ${flood.answered}`,
  };
}

/** Bodies without their last byte. */
async function unfinishedBodies(server: ServerProcess, key: string): Promise<Figure> {
  const { hostname, port } = new URL(server.url);
  await using caller = await Caller.open(server.url);
  await caller.get('/whoami', key);
  const before = server.residentMegabytes;
  const sockets: Socket[] = [];
  for (let count = 0; count < UNFINISHED; count++) {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.on('error', () => undefined).resume();
    await once(socket, 'connect');
    socket.write(
      `POST /contacts HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: ${UNFINISHED_BYTES}\r\n\r\n`,
    );
    socket.write(Buffer.alloc(UNFINISHED_BYTES - 1, '0'));
    sockets.push(socket);
  }
  let peak = before;
  for (let look = 0; look < 30; look++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const now = server.residentMegabytes;
    if (now !== undefined && peak !== undefined) peak = Math.max(peak, now);
  }
  await caller.get('/whoami', key);
  for (const socket of sockets) socket.destroy();
  return {
    id: 'P17',
    what: `memory with ${UNFINISHED} unfinished bodies of 1 MB / before`,
    ...(before === undefined || peak === undefined
      ? { note: 'needs /proc' }
      : {
          goal: { atMost: 1.25 },
          ratio: { median: peak / before, min: peak / before, max: peak / before },
          note: `${Math.round(before)} MB before, ${Math.round(peak)} MB at most`,
        }),
  };
}
