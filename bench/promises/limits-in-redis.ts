import { cpuNote, type Measured } from '../bench.ts';
import { bearer, readsOf, startGatehouse } from '../gatehouse.ts';
import { alternate, faster, spreadOver } from '../load.ts';
import { startRedis } from '../redis.ts';

export const p5: Measured = {
  id: 'P5',
  title: 'rate limits shared through Redis',
  async measure(bench) {
    const figure = { id: 'P5', what: 'P1 with limits in Redis / with limits in memory', goal: { atLeast: 0.7 } };
    await using redis = await startRedis();
    if (redis === undefined) return [{ ...figure, note: 'needs redis-server on the PATH' }];

    await using world = await bench.smallWorld();
    await using shared = await startGatehouse(world.database.url, { REDIS_URL: redis.url });
    await using alone = await startGatehouse(world.database.url);
    const { rate_limits: mode } = (await (await fetch(`${shared.url}/readyz`)).json()) as { rate_limits: string };
    if (mode !== 'shared') throw new Error(`The limits are ${mode}, not shared.`);
    const load = {
      requests: spreadOver(
        readsOf(
          world.contacts,
          world.keys.map(({ token }) => bearer(token)),
        ),
      ),
    };
    const rounds = await alternate(
      { Redis: { server: shared, ...load }, memory: { server: alone, ...load } },
      bench.pace,
    );
    return [{ ...figure, ratio: faster(rounds.Redis, rounds.memory), note: cpuNote(rounds) }];
  },
};
