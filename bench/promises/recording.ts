import type { Request } from 'autocannon';
import { type Bench, cpuNote, type Measured, type SmallWorld } from '../bench.ts';
import type { Figure } from '../figure.ts';
import { bearer, readsOf, startGatehouse } from '../gatehouse.ts';
import { alternate, faster, spreadOver } from '../load.ts';
import { telemetryOff } from './telemetry-off.ts';

export const p16: Measured = {
  id: 'P16',
  title: 'the request log, and telemetry that is off',
  async measure(bench: Bench): Promise<Figure[]> {
    await using world = await bench.smallWorld();
    const reads = readsOf(
      world.contacts,
      world.keys.map(({ token }) => bearer(token)),
    );
    return [...(await requestLog(bench, world, reads)), ...(await telemetryOff(bench, world, reads))];
  },
};

async function requestLog(bench: Bench, { database: { url } }: SmallWorld, reads: Request[]): Promise<Figure[]> {
  await using off = await startGatehouse(url, { REQUEST_LOG: 'off' });
  await using changes = await startGatehouse(url);
  await using all = await startGatehouse(url, { REQUEST_LOG: 'all' });
  const requests = spreadOver(reads);
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
}
