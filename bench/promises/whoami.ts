import { cpuNote, type Measured } from '../bench.ts';
import { assertSameAnswer, bearer, startGatehouse, startPeer } from '../gatehouse.ts';
import { alternate, faster, spreadOver } from '../load.ts';

export const p3: Measured = {
  id: 'P3',
  title: 'GET /whoami, which asks no database',
  async measure(bench) {
    await using world = await bench.smallWorld();
    const { url } = world.database;
    await using gatehouse = await startGatehouse(url);
    // One key, because the bare servers have one answer.
    const requests = [{ path: '/whoami', headers: bearer(world.keys[0]!.token) }];
    const profile = await (await fetch(`${gatehouse.url}/whoami`, { headers: requests[0]!.headers })).text();
    const settings = { ORG_ID: world.orgId, PROFILE: profile };
    await using nest = await startPeer('bare-nest', url, settings);
    await using fastify = await startPeer('bare-fastify', url, settings);

    for (const other of [nest, fastify]) await assertSameAnswer(gatehouse, other, requests[0]!);
    const load = { requests: spreadOver(requests) };
    const rounds = await alternate(
      {
        gatehouse: { server: gatehouse, ...load },
        'bare Nest': { server: nest, ...load },
        'bare Fastify': { server: fastify, ...load },
      },
      bench.pace,
    );
    return [
      {
        id: 'P3',
        what: 'no SQL, every guard / bare Nest on Fastify',
        goal: { atLeast: 0.9 },
        ratio: faster(rounds.gatehouse, rounds['bare Nest']),
        note: cpuNote(rounds),
      },
      { id: 'P3', what: '… / bare Fastify', ratio: faster(rounds.gatehouse, rounds['bare Fastify']) },
    ];
  },
};
