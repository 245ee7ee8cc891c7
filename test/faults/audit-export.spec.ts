import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HttpsReceiver } from '../support/audit-receivers.js';
import { Installation } from '../support/installation.js';
import { Load, random, scaled } from '../support/load.js';
import { ownCertificate } from '../support/own-certificate.js';
import { report } from '../support/report.js';
import type { ServerProcess, Settings } from '../support/server-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const PROCESSES = 3;
/** `FAULTS_SCALE=5` for twenty. */
const KILLS = scaled(4);
const WRITERS = 4;
const ANSWER_MS_MAX = 100;

const folder = temporaryFolder();
let installation: Installation;
let receiver: HttpsReceiver;
let settings: Settings;
let servers: ServerProcess[];
let orgIds: string[];
beforeAll(async () => {
  const certificate = await ownCertificate(folder);
  receiver = await HttpsReceiver.start(certificate);
  // Slow enough that some kills hit a batch under way.
  receiver.beforeAnswer = () => sleep(Math.random() * ANSWER_MS_MAX);
  settings = { AUDIT_EXPORT_URL: receiver.url, AUDIT_EXPORT_CA_FILE: certificate.file };
  installation = await Installation.create();
  servers = await installation.startServers(PROCESSES, settings);
  orgIds = await Promise.all([1, 2, 3].map(() => installation.newOrg(servers[0]!)));
});
afterAll(async () => {
  await installation.close();
  await receiver.stop();
});

interface Link {
  readonly chain: string;
  readonly sequence: number;
}

const placeOf = ({ chain, sequence }: Link) => `${chain} ${sequence}`;

async function committed(): Promise<Set<string>> {
  const { rows } = await installation.database.query<Link>('SELECT chain, sequence FROM audit_entries');
  return new Set(rows.map(placeOf));
}

function arrived(): Link[] {
  return receiver.events.map(({ unmapped }) => unmapped.gatehouse.entry);
}

async function untilAllArrived(): Promise<void> {
  await until(
    'every entry has arrived',
    async () => {
      const places = new Set(arrived().map(placeOf));
      return [...(await committed())].every((place) => places.has(place));
    },
    { everyMs: 200 },
  );
}

/** Entries that arrived for the first time behind a later one of their chain. */
function outOfOrder(): string[] {
  const ends = new Map<string, number>();
  return arrived().flatMap((link) => {
    const end = ends.get(link.chain) ?? 0;
    if (link.sequence <= end) return [];
    ends.set(link.chain, link.sequence);
    return link.sequence === end + 1 ? [] : [placeOf(link)];
  });
}

function writers() {
  const counts = { answered: 0, unanswered: 0 };
  const refused: string[] = [];
  const load = new Load(WRITERS, async () => {
    const { url } = random(servers);
    const path = `/partner/v1/orgs/${random(orgIds)}/api-keys`;
    try {
      const { status, body } = await installation.partner.ask(url, { method: 'POST', path, body: {} });
      if (status === 201) counts.answered += 1;
      else refused.push(`${status}: ${body}`);
    } catch {
      // The process died: the audit says what it had committed.
      counts.unanswered += 1;
      await sleep(5);
    }
  });
  return { counts, refused, load };
}

test(`through ${KILLS} times kill -9 of a process under load, every entry arrives, in the order of its chain`, async () => {
  const { counts, refused, load } = writers();
  for (let kill = 0; kill < KILLS; kill++) {
    const [answers, posts] = [counts.answered + 20, receiver.posts.length + 1];
    await until('writes are answered', () => counts.answered >= answers);
    if (kill < KILLS - 1) await until('a batch arrives', () => receiver.posts.length >= posts);
    const place = kill % PROCESSES;
    await servers[place]!.kill();
    servers[place] = await installation.startServer(settings);
  }
  await load.stop();
  expect(refused).toEqual([]);
  await untilAllArrived();
  expect(outOfOrder()).toEqual([]);
  const all = arrived();
  const entries = (await committed()).size;
  expect(new Set(all.map(placeOf)).size).toBe(entries);
  report(`${KILLS} times kill -9`, { entries, repeated: all.length - entries, unanswered: counts.unanswered });
});

test('a receiver that is down delays the export and no request', async () => {
  await receiver.stop();
  const { counts, refused, load } = writers();
  await until('writes are answered while it is down', () => counts.answered >= 200);
  await load.stop();
  expect(refused).toEqual([]);
  expect(counts.unanswered).toBe(0);
  const waiting = (await committed()).size - new Set(arrived().map(placeOf)).size;
  expect(waiting).toBeGreaterThanOrEqual(200);
  await receiver.start();
  await untilAllArrived();
  expect(outOfOrder()).toEqual([]);
  report('a receiver that was down', { waiting });
});
