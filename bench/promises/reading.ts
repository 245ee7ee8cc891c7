import type { Request } from 'autocannon';
import { type Bench, cpuNote, type Measured } from '../bench.ts';
import type { Figure } from '../figure.ts';
import { assertSameAnswer, bearer, readsOf, startGatehouse, startPeer } from '../gatehouse.ts';
import { alternate, faster, spreadOver } from '../load.ts';

export const p1: Measured = {
  id: 'P1',
  title: 'GET /contacts/:id with a scoped key',
  measure: (bench) => compare(bench, 'P1', 1.4, 'a read by id', readsOf),
};

export const p2: Measured = {
  id: 'P2',
  title: 'GET /contacts?limit=20',
  measure: (bench) =>
    compare(bench, 'P2', 1.5, 'a list of 20', (_contacts, headers) =>
      headers.map((each) => ({ path: '/contacts?limit=20', headers: each })),
    ),
};

async function compare(
  bench: Bench,
  id: string,
  atLeast: number,
  what: string,
  requestsOf: (contacts: readonly string[], headers: readonly Record<string, string>[]) => Request[],
): Promise<Figure[]> {
  await using world = await bench.smallWorld();
  const { url } = world.database;
  await using gatehouse = await startGatehouse(url);
  await using bare = await startPeer('bare-fastify', url, { ORG_ID: world.orgId, PROFILE: '{}' });
  await using prepared = await startPeer('bare-prepared', url, { ORG_ID: world.orgId });

  const requests = requestsOf(
    world.contacts,
    world.keys.map(({ token }) => bearer(token)),
  );
  for (const other of [bare, prepared]) await assertSameAnswer(gatehouse, other, requests[0]!);
  const load = { requests: spreadOver(requests) };
  const rounds = await alternate(
    {
      gatehouse: { server: gatehouse, ...load },
      bare: { server: bare, ...load },
      'bare, our reading': { server: prepared, ...load },
    },
    bench.pace,
  );
  return [
    {
      id,
      what: `${what}, every guard / bare Fastify`,
      goal: { atLeast },
      ratio: faster(rounds.gatehouse, rounds.bare),
      note: cpuNote(rounds),
    },
    { id, what: '… / bare Fastify with our reading', ratio: faster(rounds.gatehouse, rounds['bare, our reading']) },
  ];
}
