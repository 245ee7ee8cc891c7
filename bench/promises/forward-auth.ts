import { cpuNote, type Measured } from '../bench.ts';
import { bearer, startGatehouse, startPeer } from '../gatehouse.ts';
import { alternate, faster, spreadOver } from '../load.ts';
import { hasNginx, Nginx } from '../nginx.ts';
import { grantScope, seedService } from '../seed.ts';
import type { ServerProcess } from '../server-process.ts';

const SCOPE = 'resource-1:read';
const PATH = '/v1/forward-auth/billing';
const QUESTION = {
  'X-Original-Method': 'GET',
  'X-Original-URI': '/resource-1/42?page=2',
  'X-Forwarded-For': '198.51.100.7',
};

/** Headers that every server sets on its own. */
const OWN_HEADERS = ['connection', 'content-length', 'date', 'keep-alive'];

export const p12: Measured = {
  id: 'P12',
  title: 'nginx with auth_request',
  async measure(bench) {
    if (!hasNginx())
      return [{ id: 'P12', what: 'nginx with auth_request to Gatehouse', note: 'nginx is not installed' }];
    await using world = await bench.smallWorld();
    await seedService(world.database, { resources: 5, routes: 10 });
    await grantScope(world.database, SCOPE);
    await using gatehouse = await startGatehouse(world.database.url);
    const question = { path: PATH, headers: { ...QUESTION, ...bearer(world.keys[0]!.token) } };
    await using bare = await startPeer('bare-forward-auth', world.database.url, {
      HEADERS: JSON.stringify(await answeredHeaders(gatehouse, question)),
    });
    await using ours = await Nginx.start(new URL(gatehouse.url).host);
    await using theirs = await Nginx.start(new URL(bare.url).host);
    await using alone = await Nginx.start(undefined);
    const requests = spreadOver(
      world.keys.map(({ token }) => ({ path: '/resource-1/42?page=2', headers: bearer(token) })),
    );
    const rounds = await alternate(
      {
        gatehouse: { server: ours, requests },
        'bare Fastify': { server: theirs, requests },
        'nginx alone': { server: alone, requests },
      },
      bench.pace,
    );
    return [
      {
        id: 'P12',
        what: 'nginx with auth_request to Gatehouse / to bare Fastify that always answers 200 with the same headers',
        goal: { atLeast: 0.75 },
        ratio: faster(rounds.gatehouse, rounds['bare Fastify']),
        note: cpuNote(rounds),
      },
      { id: 'P12', what: '… / nginx without auth_request', ratio: faster(rounds.gatehouse, rounds['nginx alone']) },
    ];
  },
};

export const p13: Measured = {
  id: 'P13',
  title: 'forward-auth, which asks no database',
  async measure(bench) {
    await using world = await bench.smallWorld();
    await seedService(world.database, { resources: 5, routes: 10 });
    await grantScope(world.database, SCOPE);
    await using gatehouse = await startGatehouse(world.database.url);
    const questions = world.keys.map(({ token }) => ({ path: PATH, headers: { ...QUESTION, ...bearer(token) } }));
    await using bare = await startPeer('bare-forward-auth', world.database.url, {
      HEADERS: JSON.stringify(await answeredHeaders(gatehouse, questions[0]!)),
    });
    const load = { requests: spreadOver(questions) };
    const rounds = await alternate(
      { gatehouse: { server: gatehouse, ...load }, 'bare Fastify': { server: bare, ...load } },
      bench.pace,
    );
    return [
      {
        id: 'P13',
        what: 'GET /v1/forward-auth, warm / bare Fastify that answers 200 with the same headers',
        goal: { atLeast: 0.7 },
        ratio: faster(rounds.gatehouse, rounds['bare Fastify']),
        note: cpuNote(rounds),
      },
    ];
  },
};

export const p15: Measured = {
  id: 'P15',
  title: 'a service of 1,000 scopes and 1,000 routes',
  async measure(bench) {
    await using small = await bench.smallWorld();
    await using large = await bench.smallWorld();
    await seedService(small.database, { resources: 5, routes: 10 });
    await seedService(large.database, { resources: 500, routes: 1_000 });
    for (const { database } of [small, large]) await grantScope(database, SCOPE);
    await using ten = await startGatehouse(small.database.url);
    await using thousand = await startGatehouse(large.database.url);
    const requests = spreadOver(
      small.keys.map(({ token }) => ({ path: PATH, headers: { ...QUESTION, ...bearer(token) } })),
    );
    const rounds = await alternate(
      { thousand: { server: thousand, requests }, ten: { server: ten, requests } },
      bench.pace,
    );
    return [
      {
        id: 'P15',
        what: 'P13 with 1,000 scopes and 1,000 routes / with 10',
        goal: { atLeast: 0.98 },
        ratio: faster(rounds.thousand, rounds.ten),
        note: cpuNote(rounds),
      },
    ];
  },
};

async function answeredHeaders(
  { url }: ServerProcess,
  { path, headers }: { path: string; headers: Record<string, string> },
): Promise<Record<string, string>> {
  const answer = await fetch(url + path, { headers });
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return Object.fromEntries([...answer.headers].filter(([name]) => !OWN_HEADERS.includes(name)));
}
