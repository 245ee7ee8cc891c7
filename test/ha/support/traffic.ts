import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { HttpClient } from '../../support/http-client.js';
import { Load, random } from '../../support/load.js';
import { report } from '../../support/report.js';
import { Revocations } from '../../support/revocations.js';
import { until } from '../../support/until.js';
import { WriteLoad } from '../../support/write-load.js';
import type { Host } from './host.js';
import { Progress } from './progress.js';
import type { World } from './world.js';

const KEYS = 160;
const REVOKED_EVERY_MS = 250;
const WRITERS = 9;
const READERS = 6;
const READ_EVERY_MS = 20;
/** Long enough for revocations by the new primary while the old one is still away. */
const AWAY_AFTERWARDS_MS = 5_000;

export type Figures = Readonly<Record<string, number>>;

/** What a client sees while a fault goes on. */
export interface Seen {
  readonly writes: Progress;
  readonly reads: Progress;
}

export interface Fault {
  readonly name: string;
  /** Begins, waits until the service is back, and undoes the fault. */
  run(world: World, primary: Host, seen: Seen): Promise<Figures>;
  /** Servers that stop with the fault, by number. Only requests with keys that are being revoked are sent to them. */
  readonly stops?: readonly number[];
}

export interface Outcome {
  /** Requests that began after the answer to the revocation of their key, and were accepted. */
  readonly letIn: readonly string[];
  /** Answered writes that are not stored. */
  readonly lost: readonly string[];
  readonly unexpected: readonly string[];
}

/** Writes, reads and revokes keys through random servers during the fault, and looks for what was stored. */
export async function during(world: World, { name, run, stops = [] }: Fault): Promise<Outcome> {
  const { cluster, installation, servers } = world;
  await cluster.isWhole();
  const [live, ...keys] = await world.newKeys(KEYS);
  const running = servers.filter((_, number) => !stops.includes(number));
  const written = new WriteLoad(installation, running, live!, WRITERS);
  world.written.push(written);
  const client = new HttpClient(live!.key);
  let readCount = 0;
  const unanswered: string[] = [];
  const reading = new Load(READERS, async () => {
    const asked = client.ask(random(running).url, { path: '/contacts?limit=1' });
    await asked.then(
      ({ status }) => void (status === 200 && readCount++),
      (error: Error) => unanswered.push(`a read: ${error.message}`),
    );
    await sleep(READ_EVERY_MS);
  });
  const seen = { writes: new Progress(() => written.answered), reads: new Progress(() => readCount) };
  const race = new Revocations(installation, servers, undefined, running);
  race.startLoad();
  await until('the load runs', () => written.answered > 20 && readCount > 20);

  let figures: Figures = {};
  const faulty = async () => {
    figures = await run(world, (await cluster.primary())!, seen);
    await cluster.isWhole();
    await world.areTrusted();
  };
  try {
    await race.revokeWhile(faulty(), keys, REVOKED_EVERY_MS);
  } finally {
    await Promise.all([race.settle(), written.stop(), reading.stop()]);
    for (const progress of [seen.writes, seen.reads]) progress.stop();
    client.close();
  }

  const lost = await world.lost();
  const { letIn, unexpected, startedAfterAnswer, keys: revoked } = race.figures;
  report(name, {
    ...figures,
    revoked,
    'requests after an answer': startedAfterAnswer,
    'late allows': letIn.length,
    'answered writes': written.answered,
    lost: lost.length,
  });
  expect(startedAfterAnswer).toBeGreaterThan(revoked);
  expect(servers.map(({ isRunning }) => isRunning)).toEqual(servers.map(() => true));
  expect(servers.flatMap((server) => server.complaints)).toEqual([]);
  return { letIn, lost, unexpected: [...unexpected, ...written.unexpected, ...unanswered] };
}

type Step = (world: World, primary: Host) => Promise<void> | void;

/** A fault after which another node becomes the primary. The second step undoes it. */
export function failover(begin: Step, end: Step): Fault['run'] {
  return async (world, old, { writes, reads }) => {
    const beganAt = performance.now();
    await begin(world, old);
    await world.cluster.otherPrimary(old);
    const promotedAt = performance.now();
    const [writtenAt, readAt] = [await writes.risesAfter(promotedAt), await reads.risesAfter(promotedAt)];
    await sleep(AWAY_AFTERWARDS_MS);
    await end(world, old);
    return {
      'new primary after ms': promotedAt - beganAt,
      'writes again ms after it': writtenAt - promotedAt,
      'reads again ms after it': readAt - promotedAt,
      'no write for ms': writes.longestGap(beganAt),
      'no read for ms': reads.longestGap(beganAt),
    };
  };
}
