import type { Request } from 'autocannon';
import { type Bench, cpuNote, type Measured } from '../bench.ts';
import { median, ratioOf, type Spread } from '../figure.ts';
import { bearer, startGatehouse } from '../gatehouse.ts';
import { Caller } from '../latency.ts';
import { alternate, CONNECTIONS, faster } from '../load.ts';
import { idOf, seedContacts, seedFillerKeys, seedKeys, type SeededKey, seedOrgs, settle } from '../seed.ts';
import type { ServerProcess } from '../server-process.ts';

const ORGS = 10_000;
const CONTACTS_PER_ORG = 200;
const KEYS = 1_000_000;
const FEW_KEYS = 1_000;
/** One key per org is used. */
const USED_KEYS = ORGS;
const COLD_KEYS_PER_ROUND = 100;
const REQUESTS_PER_CONNECTION = 300;

export const p8: Measured = {
  id: 'P8',
  title: '1,000,000 keys, 10,000 orgs, 2,000,000 contacts',
  async measure(bench) {
    bench.say('P8: seeding 2,000,000 contacts and 1,000,000 keys');
    await using few = await bench.scratch.create();
    await seedOrgs(few, ORGS);
    await seedContacts(few, ORGS, CONTACTS_PER_ORG);
    const fewKeys = await seedKeys(few, (index) => index + 1, FEW_KEYS);
    await settle(few);
    await using many = await bench.scratch.create(few);
    const moreKeys = await seedKeys(many, (index) => FEW_KEYS + index + 1, USED_KEYS - FEW_KEYS, FEW_KEYS + 1);
    const coldKeys = await seedKeys(
      many,
      (index) => (index % ORGS) + 1,
      COLD_KEYS_PER_ROUND * (bench.pace.rounds + 1),
      USED_KEYS + 1,
    );
    await seedFillerKeys(many, USED_KEYS + coldKeys.length + 1, KEYS, ORGS);
    await settle(many);

    await using withMany = await startGatehouse(many.url);
    await using withFew = await startGatehouse(few.url);
    const used = [...fewKeys, ...moreKeys];
    await useOnce(withMany, used);
    await useOnce(withFew, fewKeys);
    const load = (server: ServerProcess, keys: readonly SeededKey[]) => ({ server, requests: () => someReads(keys) });
    const rounds = await alternate({ many: load(withMany, used), few: load(withFew, fewKeys) }, bench.pace);
    return [
      {
        id: 'P8',
        what: 'P1 over 1,000,000 keys, 10,000 in use / over 1,000 keys',
        goal: { atLeast: 0.9 },
        ratio: faster(rounds.many, rounds.few),
        note: cpuNote(rounds),
      },
      await coldAgainstWarm(bench, withMany, coldKeys),
    ];
  },
};

/** Fills the cache, because first requests are not measured. */
async function useOnce(server: ServerProcess, keys: readonly SeededKey[]): Promise<void> {
  const waiting = keys.values();
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      await using caller = await Caller.open(server.url);
      for (const { org, token } of waiting) await caller.get(`/contacts/${someContactOf(org)}`, token);
    }),
  );
}

/** Requests with random keys for random contacts of their org. */
function someReads(keys: readonly SeededKey[]): Request[] {
  return Array.from({ length: REQUESTS_PER_CONNECTION }, () => {
    const { org, token } = keys[Math.floor(Math.random() * keys.length)]!;
    return { path: `/contacts/${someContactOf(org)}`, headers: bearer(token) };
  });
}

function someContactOf(org: number): string {
  return idOf('contact', (org - 1) * CONTACTS_PER_ORG + 1 + Math.floor(Math.random() * CONTACTS_PER_ORG));
}

/** Latency of one caller with two requests per key. */
async function coldAgainstWarm(bench: Bench, server: ServerProcess, keys: readonly SeededKey[]) {
  await using caller = await Caller.open(server.url);
  const rounds: { cold: number; warm: number }[] = [];
  for (let round = 0; round <= bench.pace.rounds; round++) {
    const cold: number[] = [];
    const warm: number[] = [];
    for (const { org, token } of keys.slice(round * COLD_KEYS_PER_ROUND, (round + 1) * COLD_KEYS_PER_ROUND)) {
      cold.push(await caller.get(`/contacts/${someContactOf(org)}`, token));
      warm.push(await caller.get(`/contacts/${someContactOf(org)}`, token));
    }
    rounds.push({ cold: median(cold), warm: median(warm) });
  }
  // The first round has prepared the statements.
  const measured = rounds.slice(1);
  const ratio: Spread = ratioOf(
    measured.map(({ cold }) => cold),
    measured.map(({ warm }) => warm),
    (milliseconds) => milliseconds,
  );
  return {
    id: 'P8',
    what: "latency: a cold key's first request / its second",
    goal: { atMost: 3 },
    ratio,
    note: `cold ${median(measured.map(({ cold }) => cold)).toFixed(2)} ms`,
  };
}
