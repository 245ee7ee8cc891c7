import type { Measured } from '../bench.ts';
import { median, ratioOf } from '../figure.ts';
import { startGatehouse } from '../gatehouse.ts';
import { Caller } from '../latency.ts';
import { idOf, seedContacts, seedKeys, seedOrgs, settle } from '../seed.ts';

const CONTACTS = 1_000_000;
const LIMIT = 50;
const PAGES_PER_ROUND = 200;

export const p10: Measured = {
  id: 'P10',
  title: 'the last page of 1,000,000 contacts',
  async measure(bench) {
    bench.say('P10: seeding 1,000,000 contacts');
    await using database = await bench.scratch.create();
    await seedOrgs(database, 1);
    await seedContacts(database, 1, CONTACTS);
    const [key] = await seedKeys(database, () => 1, 1);
    await settle(database);
    await using server = await startGatehouse(database.url);
    await using caller = await Caller.open(server.url);

    const first = `/contacts?limit=${LIMIT}`;
    const cursor = Buffer.from(idOf('contact', LIMIT + 1).replaceAll('-', ''), 'hex').toString('base64url');
    const last = `${first}&cursor=${cursor}`;
    const rounds: { first: number; last: number }[] = [];
    for (let round = 0; round <= bench.pace.rounds; round++) {
      const times = { first: [] as number[], last: [] as number[] };
      for (let page = 0; page < PAGES_PER_ROUND; page++) {
        times.first.push(await caller.get(first, key!.token));
        times.last.push(await caller.get(last, key!.token));
      }
      rounds.push({ first: median(times.first), last: median(times.last) });
    }
    // The first round has prepared the statements.
    const measured = rounds.slice(1);
    return [
      {
        id: 'P10',
        what: 'latency: last page of 50 over 1,000,000 rows / first page',
        goal: { atMost: 1.2 },
        ratio: ratioOf(
          measured.map((round) => round.last),
          measured.map((round) => round.first),
          (milliseconds) => milliseconds,
        ),
        note: `first ${median(measured.map((round) => round.first)).toFixed(2)} ms`,
      },
    ];
  },
};
