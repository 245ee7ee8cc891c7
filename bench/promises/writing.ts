import type { Request } from 'autocannon';
import { type Bench, cpuNote, type Measured } from '../bench.ts';
import { bearer, startGatehouse, startPeer } from '../gatehouse.ts';
import { alternate, faster } from '../load.ts';

export const p6: Measured = {
  id: 'P6',
  title: 'POST /contacts',
  async measure(bench) {
    const durable = await insert(bench, 'on');
    // Without waiting for the disk, the difference between the servers is largest.
    const quick = await insert(bench, 'off');
    return [
      {
        id: 'P6',
        what: 'an insert, every guard and rule / bare Fastify',
        goal: { atLeast: 0.85 },
        ratio: faster(durable.gatehouse, durable.bare),
        note: cpuNote(durable),
      },
      {
        id: 'P6',
        what: '… without waiting for the disk',
        ratio: faster(quick.gatehouse, quick.bare),
        note: cpuNote(quick),
      },
    ];
  },
};

async function insert(bench: Bench, synchronousCommit: 'on' | 'off') {
  await using world = await bench.smallWorld();
  const { url, name } = world.database;
  await world.database.query(`ALTER DATABASE ${name} SET synchronous_commit = ${synchronousCommit}`);
  await using gatehouse = await startGatehouse(url);
  await using bare = await startPeer('bare-fastify', url, { ORG_ID: world.orgId, PROFILE: '{}' });
  let written = 0;
  // A unique address for each, as the API requires.
  const setupRequest = (request: Request): Request => ({
    ...request,
    body: `{"contact":{"email":"new${++written}@example.com","name":"New Contact"}}`,
  });
  const requests = () =>
    world.keys.map(({ token }): Request => ({
      method: 'POST',
      path: '/contacts',
      headers: { ...bearer(token), 'Content-Type': 'application/json' },
      setupRequest,
    }));
  // Awaited, because the servers stop when this function returns.
  return await alternate({ gatehouse: { server: gatehouse, requests }, bare: { server: bare, requests } }, bench.pace);
}
