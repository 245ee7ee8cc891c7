import { setTimeout as pause } from 'node:timers/promises';
import { type Bench, cpuNote, type Measured } from '../bench.ts';
import { type Figure, median } from '../figure.ts';
import { Flood, type FloodReport } from '../flood.ts';
import { bearer, readsOf, startGatehouse } from '../gatehouse.ts';
import { alternate, faster, type Round, spreadOver } from '../load.ts';

/** The flood starts before the measured callers and ends after them. */
const LEAD_SECONDS = 0.5;

export const p9: Measured = {
  id: 'P9',
  title: 'while a second client floods with invalid keys',
  measure: async (bench) => [
    await measure(bench, 1, { atLeast: 0.6 }),
    // Too many addresses for the limit per address, so each unknown key costs a query.
    await measure(bench, 100_000),
  ],
};

/** Any answer but 200 to a valid caller ends the bench, including 429. */
async function measure(bench: Bench, addresses: number, goal?: Figure['goal']): Promise<Figure> {
  await using world = await bench.smallWorld();
  await using server = await startGatehouse(world.database.url);
  await using flood = await Flood.start();
  const requests = readsOf(
    world.contacts,
    world.keys.map(({ token }) => bearer(token)),
  );
  const load = { server, requests: spreadOver(requests) };
  const alone: Round[] = [];
  const reports: FloodReport[] = [];
  const rounds = await alternate({ alone: load, flooded: load }, bench.pace, async (side, measureRound) => {
    if (side === 'alone') {
      const round = await measureRound();
      alone.push(round);
      return round;
    }
    const flooding = flood.run({
      url: server.url,
      // Of the first round after the warm-up, and the same in all.
      perSecond: Math.round((alone[1] ?? alone[0]!).perSecond),
      seconds: bench.pace.seconds + 2 * LEAD_SECONDS,
      addresses,
      path: requests[0]!.path,
    });
    await pause(LEAD_SECONDS * 1000);
    const round = await measureRound();
    reports.push(await flooding);
    return round;
  });
  const flooded = median(reports.map(({ perSecond }) => perSecond));
  const statuses = [...new Set(reports.flatMap((report) => Object.keys(report.statuses)))].join(', ');
  return {
    id: 'P9',
    what: `P1 while invalid keys come from ${addresses === 1 ? 'one address' : `${addresses} addresses`} / P1 alone`,
    goal,
    ratio: faster(rounds.flooded, rounds.alone),
    note: `${cpuNote(rounds)}; flood ${Math.round(flooded)}/s, answered ${statuses}; no honest 429`,
  };
}
