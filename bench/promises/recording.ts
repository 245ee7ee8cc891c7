import type { Bench, Measured } from '../bench.ts';
import { cpuNote } from '../bench.ts';
import type { Figure } from '../figure.ts';
import { bearer, readsOf, startGatehouse } from '../gatehouse.ts';
import { alternate, faster, spreadOver } from '../load.ts';

export const p16: Measured = {
  id: 'P16',
  title: 'the request log',
  async measure(bench: Bench): Promise<Figure[]> {
    await using world = await bench.smallWorld();
    const { url } = world.database;
    await using off = await startGatehouse(url, { REQUEST_LOG: 'off' });
    await using changes = await startGatehouse(url);
    await using all = await startGatehouse(url, { REQUEST_LOG: 'all' });
    const requests = spreadOver(
      readsOf(
        world.contacts,
        world.keys.map(({ token }) => bearer(token)),
      ),
    );
    const rounds = await alternate(
      {
        off: { server: off, requests },
        changes: { server: changes, requests },
        all: { server: all, requests },
      },
      bench.pace,
    );
    return [
      {
        id: 'P16',
        what: "P1 with the request log's default / with it off",
        goal: { atLeast: 0.97 },
        ratio: faster(rounds.changes, rounds.off),
        note: cpuNote(rounds),
      },
      { id: 'P16', what: '… with all requests / with it off', ratio: faster(rounds.all, rounds.off) },
    ];
  },
};
