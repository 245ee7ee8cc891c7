import { execFile } from 'node:child_process';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Request } from 'autocannon';
import { type Bench, type Measured } from '../bench.ts';
import { type Figure, median, ratioOf, spreadOf } from '../figure.ts';
import { bearer, gatehouseEnvironment, readsOf, startGatehouse, startPeer } from '../gatehouse.ts';
import { alternate, spreadOver } from '../load.ts';
import { basicEnvironment, type ServerProcess } from '../server-process.ts';

const COMMANDS = fileURLToPath(new URL('../../src/programs/cli/launch.js', import.meta.url));

export const p11: Measured = {
  id: 'P11',
  title: 'start, memory after P1, and a command',
  async measure(bench) {
    await using world = await bench.smallWorld();
    const { url } = world.database;
    const requests = readsOf(
      world.contacts,
      world.keys.map(({ token }) => bearer(token)),
    );
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round <= bench.pace.rounds; round++) {
      ours.push(await startMs(() => startGatehouse(url), requests[0]!));
      theirs.push(await startMs(() => startPeer('bare-nest-typeorm', url), requests[0]!));
    }
    // The first start of each has filled the file cache.
    const ratio = ratioOf(ours.slice(1), theirs.slice(1), (milliseconds) => milliseconds);
    return [
      {
        id: 'P11',
        what: "start to first 200 / a bare Nest + TypeORM app's",
        goal: { atMost: 1.5 },
        ratio,
        note: `${Math.round(median(ours.slice(1)))} ms; bare ${Math.round(median(theirs.slice(1)))} ms; ${await memory(bench, requests, url, world.orgId)}`,
      },
      await command(bench, url, ['partner', 'list']),
      await command(bench, url, ['--help']),
    ];
  },
};

/** Seconds that a command takes, from the start of its process to its end. */
async function command({ pace }: Bench, databaseUrl: string, args: readonly string[]): Promise<Figure> {
  const env = { ...basicEnvironment(), ...gatehouseEnvironment(databaseUrl) };
  const seconds: number[] = [];
  for (let round = 0; round <= pace.rounds; round++) {
    const startedAt = performance.now();
    await promisify(execFile)(execPath, [COMMANDS, ...args], { env });
    seconds.push((performance.now() - startedAt) / 1000);
  }
  return {
    id: 'P11',
    what: `seconds of gatehouse ${args.join(' ')}`,
    goal: { atMost: 0.8 },
    ratio: spreadOf(seconds.slice(1)),
  };
}

/** Time from the start of the process to its first 200. */
async function startMs(start: () => Promise<ServerProcess>, { path, headers }: Request): Promise<number> {
  const startedAt = performance.now();
  await using server = await start();
  const answer = await fetch(server.url + path, { headers: headers ?? {} });
  await answer.text();
  if (answer.status !== 200) throw new Error(`${server.url}${path}: ${answer.status}`);
  return performance.now() - startedAt;
}

async function memory(bench: Bench, requests: Request[], databaseUrl: string, orgId: string): Promise<string> {
  await using gatehouse = await startGatehouse(databaseUrl);
  await using bare = await startPeer('bare-fastify', databaseUrl, { ORG_ID: orgId, PROFILE: '{}' });
  const load = { requests: spreadOver(requests) };
  await alternate(
    { gatehouse: { server: gatehouse, ...load }, bare: { server: bare, ...load } },
    { ...bench.pace, rounds: 1 },
  );
  const [ours, theirs] = [gatehouse, bare].map(({ residentMegabytes }) => residentMegabytes?.toFixed(0) ?? '?');
  return `resident after P1 ${ours} MB, bare Fastify ${theirs} MB`;
}
