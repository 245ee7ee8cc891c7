import { cpuNote, type Measured } from '../bench.ts';
import { bearer, readsOf, startGatehouse, startPeer } from '../gatehouse.ts';
import { alternate, cheaper, faster, spreadOver } from '../load.ts';
import { seedPairs } from '../seed.ts';

const PAIRS = 32;

export const p7: Measured = {
  id: 'P7',
  title: 'other ways to do it',
  async measure(bench) {
    await using world = await bench.smallWorld();
    const { database, orgId } = world;
    const pairs = await seedPairs(database, PAIRS, world.nextKey);
    await using gatehouse = await startGatehouse(database.url);
    await using betterAuth = await startPeer('better-auth', database.url, {
      ORG_ID: orgId,
      KEYS: String(world.keys.length),
    });
    await using argon2 = await startPeer('argon2-each', database.url, { ORG_ID: orgId });

    const theirKeys = (await (await fetch(`${betterAuth.url}/keys`)).json()) as string[];
    const reads = (headers: Record<string, string>[]) => spreadOver(readsOf(world.contacts, headers));
    const rounds = await alternate(
      {
        gatehouse: { server: gatehouse, requests: reads(world.keys.map(({ token }) => bearer(token))) },
        'better-auth': { server: betterAuth, requests: reads(theirKeys.map((key) => ({ 'X-API-Key': key }))) },
        argon2: {
          server: argon2,
          requests: reads(pairs.map(({ key, secret }) => ({ 'X-API-Key': key, 'X-API-Secret': secret }))),
        },
      },
      bench.pace,
    );
    return [
      {
        id: 'P7',
        what: "P1 / the same read behind better-auth's api-key plugin, by CPU time per request",
        goal: { atLeast: 20 },
        ratio: cheaper(rounds.gatehouse, rounds['better-auth']),
        note: cpuNote(rounds),
      },
      { id: 'P7', what: '… by requests per second', ratio: faster(rounds.gatehouse, rounds['better-auth']) },
      {
        id: 'P7',
        what: 'P1 / the same read behind argon2id on each request',
        goal: { atLeast: 50 },
        ratio: faster(rounds.gatehouse, rounds.argon2),
      },
    ];
  },
};
