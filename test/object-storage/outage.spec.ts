import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ObjectStorage } from '../../src/core/object-storage/object-storage.js';
import { FileSweep } from '../../src/kit/files/file-sweep.service.js';
import { Installation, type OrgKey } from '../support/installation.js';
import { Load, percentile, promisedWithin, scaled } from '../support/load.js';
import { openServices } from '../support/open-services.js';
import { OwnSwift } from '../support/own-swift.js';
import { report } from '../support/report.js';
import type { ServerProcess } from '../support/server-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { downloadPicture, newPicture, uploadPicture } from '../support/uploads.js';

const TIMEOUT_MS = 2_000;
/** The timeout, and what the rest of a request takes. */
const DEADLINE_MS = TIMEOUT_MS + 3_000;
const MEBIBYTE = 1024 * 1024;

const filesDir = temporaryFolder();
let swift: OwnSwift;
let storage: ObjectStorage;
let installation: Installation;
/** Waits as long as the store needs on a busy machine. */
let patientSettings: Record<string, string>;
/** Gives up on the store after a short time. */
let server: ServerProcess;
let patient: ServerProcess;
let key: OrgKey;
beforeAll(async () => {
  [swift, installation] = await Promise.all([OwnSwift.start(), Installation.create()]);
  storage = new ObjectStorage(swift.config);
  patientSettings = { FILES_STORE: 's3', FILES_DIR: filesDir, S3_TIMEOUT_MS: '60000', ...swift.environment };
  [server, patient] = await Promise.all([
    installation.startServer({ ...patientSettings, S3_TIMEOUT_MS: String(TIMEOUT_MS) }),
    installation.startServer(patientSettings),
  ]);
  key = await installation.newKey(server, await installation.newOrg(server), { scopes: ['media:write'] });
});
afterAll(async () => {
  await storage.close();
  await installation.close();
  await swift.remove();
});

const digest = (content: Buffer) => createHash('sha256').update(content).digest('hex');

const outages: [string, () => unknown, () => unknown][] = [
  ['killed', () => swift.kill(), () => swift.startAgain()],
  ['frozen', () => swift.pause(), () => swift.resume()],
];
it.each(outages)(
  'the store is %s under load: 503 in time, no answered upload is lost, and back by itself',
  async (what, stop, go) => {
    const stored = new Map<string, string>();
    const statuses: Record<number, number> = {};
    const failedMs: number[] = [];
    const problems: string[] = [];
    const count = (status: number, ms: number) => {
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status === 503) failedMs.push(ms);
      else if (status >= 400) problems.push(String(status));
    };
    const load = new Load(6, async () => {
      const content = newPicture(200_000);
      const { status, id, ms } = await uploadPicture(server.url, key.key, content);
      if (id !== undefined) stored.set(id, digest(content));
      count(status, ms);
    });
    const others = new Load(1, async () => {
      const answer = await fetch(`${server.url}/whoami`, { headers: { Authorization: `Bearer ${key.key}` } });
      if (answer.status !== 200) problems.push(`/whoami ${answer.status}`);
      await sleep(5);
    });
    await until('uploads work', () => stored.size >= 20);
    await stop();
    await until('uploads fail', () => failedMs.length >= scaled(20));
    const during = (await server.readiness()) as unknown as { status: string; object_storage: string };
    await go();
    const backAt = performance.now();
    const before = stored.size;
    await until('uploads work again', () => stored.size > before);
    const backMs = performance.now() - backAt;
    await Promise.all([load.stop(), others.stop()]);

    for (const [id, expected] of stored) {
      const { status, content } = await downloadPicture(patient.url, id);
      if (status !== 200 || digest(content) !== expected) problems.push(`${id}: ${status}`);
    }
    report(`the store ${what}`, {
      'answered 201': statuses[201] ?? 0,
      'answered 503': statuses[503] ?? 0,
      'p50 of 503 (ms)': percentile(failedMs, 50),
      'slowest 503 (ms)': Math.max(...failedMs),
      '/readyz': during.object_storage,
      'first upload after (ms)': backMs,
    });
    expect(problems).toEqual([]);
    expect(during.status).toBe('ok');
    expect(Math.max(...failedMs)).toBeLessThan(promisedWithin(DEADLINE_MS));
    await rowsAndObjectsAgree(stored.size);
  },
);

/** After the sweep of what the outage left, each object has a row, and each row an object. */
async function rowsAndObjectsAgree(pictures: number): Promise<void> {
  const rows = async () => (await installation.database.query('SELECT id, state FROM stored_files')).rows;
  expect((await rows()).filter(({ state }) => state === 'kept').length).toBeGreaterThanOrEqual(pictures);
  await installation.database.query(`UPDATE stored_files SET created_at = now() - interval '2 hours'`);
  const context = await openServices(
    installation.databaseUrl,
    installation.settings['ENCRYPTION_KEY']!,
    patientSettings,
  );
  await context.get(FileSweep).run(new AbortController().signal);
  await context.close();
  const ids: string[] = [];
  for await (const page of storage.list('files/')) ids.push(...page.map((object) => object.key.slice('files/'.length)));
  const left = await rows();
  expect(left.every(({ state }) => state === 'kept')).toBe(true);
  expect(ids.sort()).toEqual(left.map(({ id }) => id).sort());
}

it('an object of 100 MiB streams in and out within bounded memory', async () => {
  const size = 100 * MEBIBYTE;
  const chunk = randomBytes(MEBIBYTE);
  const hash = createHash('sha256');
  for (let at = 0; at < 100; at++) hash.update(chunk);
  const sha256 = hash.digest('hex');
  let peak = 0;
  const base = process.memoryUsage().rss;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
  const open = () =>
    Readable.from(
      (function* () {
        for (let at = 0; at < 100; at++) yield chunk;
      })(),
      { objectMode: false },
    );
  const putAt = performance.now();
  await storage.put('large', { bytes: size, sha256, open });
  const getAt = performance.now();
  const read = createHash('sha256');
  const sink = new Writable({
    write: (part: Buffer, _encoding, done) => {
      read.update(part);
      done();
    },
  });
  await pipeline((await storage.get('large'))!.content, sink);
  const endedAt = performance.now();
  clearInterval(watch);
  await storage.delete('large');
  expect(read.digest('hex')).toBe(sha256);
  report('100 MiB', {
    'up (MB/s)': size / 1_000 / (getAt - putAt),
    'down (MB/s)': size / 1_000 / (endedAt - getAt),
    'more memory at most (MiB)': (peak - base) / MEBIBYTE,
  });
  expect(peak - base).toBeLessThan(size);
});

it('figures: uploads and downloads of 4 MiB, in the object storage and in the folder', async () => {
  const local = await installation.startServer({ ...patientSettings, FILES_STORE: 'local' });
  const content = newPicture(4 * MEBIBYTE);
  const figures: Record<string, number[]> = {};
  for (let round = 0; round < scaled(5); round++) {
    for (const [name, { url }] of [
      ['local', local],
      ['s3', patient],
    ] as const) {
      const { id, ms, status } = await uploadPicture(url, key.key, content);
      expect(status).toBe(201);
      (figures[`${name} up`] ??= []).push(ms);
      const download = await downloadPicture(url, id!);
      expect(digest(download.content)).toBe(digest(content));
      (figures[`${name} down`] ??= []).push(download.ms);
    }
  }
  const speed = (ms: number) => Math.round((content.length / 1_000 / ms) * 10) / 10;
  report(
    'MB/s, median (slowest to fastest)',
    Object.fromEntries(
      Object.entries(figures).map(([name, all]) => [
        name,
        `${speed(percentile(all, 50))} (${speed(Math.max(...all))} to ${speed(Math.min(...all))})`,
      ]),
    ),
  );
  await local.stop();
});
