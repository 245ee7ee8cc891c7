import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { ObjectStorage } from '../../src/core/object-storage/object-storage.js';
import { FileSweep } from '../../src/kit/files/file-sweep.service.js';
import { Child } from '../support/child-process.js';
import { Installation, type OrgKey } from '../support/installation.js';
import { eachOf, Load, random, scaled } from '../support/load.js';
import { openServices } from '../support/open-services.js';
import { OwnSwift } from '../support/own-swift.js';
import { report } from '../support/report.js';
import type { ServerProcess } from '../support/server-process.js';
import { filesIn } from '../support/stored-files.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { downloadPicture, newPicture, uploadPicture } from '../support/uploads.js';

const FILES = scaled(40);
const KILLS = scaled(3);
const KILOBYTES_MAX = 300;
/** Deleted while the files move. */
const DELETED = 10;

const filesDir = temporaryFolder();
let swift: OwnSwift;
let storage: ObjectStorage;
let installation: Installation;
/** One stores new files locally, the other in the object storage. Both read both. */
let servers: ServerProcess[];
let key: OrgKey;
/** The digest of each picture, by its id. */
const pictures = new Map<string, string>();

beforeAll(async () => {
  [swift, installation] = await Promise.all([OwnSwift.start(), Installation.create()]);
  storage = new ObjectStorage(swift.config);
  const settings = { FILES_DIR: filesDir, ...swift.environment };
  servers = [
    await installation.startServer(settings),
    await installation.startServer({ ...settings, FILES_STORE: 's3' }),
  ];
  key = await installation.newKey(servers[0]!, await installation.newOrg(servers[0]!), { scopes: ['media:write'] });
  await eachOf(Array.from({ length: FILES }), 4, () => upload(servers[0]!));
});
afterAll(async () => {
  await storage.close();
  await installation.close();
  await swift.remove();
});

const digest = (content: Buffer) => createHash('sha256').update(content).digest('hex');

async function upload({ url }: ServerProcess): Promise<void> {
  const content = newPicture(1_000 + Math.floor(Math.random() * KILOBYTES_MAX * 1_000));
  const { status, id } = await uploadPicture(url, key.key, content);
  expect(status).toBe(201);
  pictures.set(id!, digest(content));
}

/** Downloads a picture from any server. Returns what is wrong. */
async function problemOf(id: string): Promise<string | undefined> {
  const { url } = random(servers);
  try {
    const { status, content } = await downloadPicture(url, id);
    if (status === 404 && !pictures.has(id)) return undefined;
    if (status !== 200) return `${id}: ${status}`;
    return pictures.get(id) === undefined || digest(content) === pictures.get(id) ? undefined : `${id}: other content`;
  } catch (error) {
    return `${id}: ${String(error)}`;
  }
}

async function problems(): Promise<string[]> {
  const found = await Promise.all([...pictures.keys()].map(problemOf));
  return found.filter((problem) => problem !== undefined);
}

/** Starts the command as operators do. */
function move(to: 'local' | 's3', ...args: string[]): Child {
  const program = join(inject('builtServer'), 'src', 'programs', 'cli', 'main.js');
  const env = { PATH: process.env['PATH'], ...installation.settings, FILES_DIR: filesDir, ...swift.environment };
  return new Child(process.execPath, [program, 'files', 'move', '--to', to, ...args], { env });
}

/** Deletes released files, as the job does. */
async function sweep(): Promise<void> {
  const { databaseUrl, settings } = installation;
  const stores = { FILES_DIR: filesDir, ...swift.environment };
  const context = await openServices(databaseUrl, settings['ENCRYPTION_KEY']!, stores);
  await context.get(FileSweep).run(new AbortController().signal);
  await context.close();
}

async function countIn(store: 'local' | 's3'): Promise<number> {
  const sql = `SELECT count(*)::int FROM stored_files WHERE state = 'kept' AND store = $1`;
  return (await installation.database.query(sql, [store])).rows[0].count;
}

async function objectIds(): Promise<string[]> {
  const ids: string[] = [];
  for await (const page of storage.list('files/')) ids.push(...page.map((object) => object.key.slice('files/'.length)));
  return ids.sort();
}

const localIds = async () => (await filesIn(filesDir)).map((path) => path.split('/').at(-1)!).sort();
const rowIds = async () =>
  (await installation.database.query('SELECT id FROM stored_files')).rows.map(({ id }) => id).sort();

it.each(['s3', 'local'] as const)(
  'files move to %s although the command is killed, and each is readable at every moment',
  async (to) => {
    const failures: string[] = [];
    let reads = 0;
    const load = new Load(4, async () => {
      const problem = await problemOf(random([...pictures.keys()]));
      reads++;
      if (problem !== undefined) failures.push(problem);
    });
    const startedAt = performance.now();
    try {
      for (let kill = 0; kill < KILLS; kill++) {
        const before = await countIn(to);
        const command = move(to);
        // Somewhere in the middle of a batch.
        const more = Math.floor((FILES / (KILLS + 2)) * Math.random());
        await until('some files have moved', async () => {
          if (!command.isRunning) throw new Error(command.output);
          return (await countIn(to)) >= Math.min(before + more, FILES - DELETED - 5);
        });
        await command.end('SIGKILL');
        // Files are deleted and added between and during the runs.
        if (to === 's3') {
          const [id] = random([...pictures.entries()]);
          pictures.delete(id);
          await installation.database.query('DELETE FROM media WHERE id = $1', [id]);
          await upload(servers[0]!);
        }
        expect(await problems()).toEqual([]);
      }
      const last = move(to, '--json');
      expect(await last.ended).toMatchObject({ code: 0 });
      const result = JSON.parse(last.output);
      expect(result).toMatchObject({ problems: [], left: 0 });
      report(`${FILES} files moved to ${to}`, {
        kills: KILLS,
        'of the last run': result.moved,
        'sources left by killed runs': result.finished,
        reads,
        'failed reads': failures.length,
        seconds: (performance.now() - startedAt) / 1_000,
      });
    } finally {
      await load.stop();
    }
    expect(failures).toEqual([]);
    expect(reads).toBeGreaterThan(0);
    expect(await problems()).toEqual([]);
    await sweep();
    expect(await rowIds()).toHaveLength(pictures.size);
    const [here, there] = to === 's3' ? [objectIds, localIds] : [localIds, objectIds];
    expect(await here()).toEqual(await rowIds());
    expect(await there()).toEqual([]);
  },
);

it('two runs at once: one is refused, and the other moves every file', async () => {
  const runs = [move('s3', '--json'), move('s3', '--json')];
  const endings = await Promise.all(runs.map((run) => run.ended));
  expect(endings.map(({ code }) => code).sort()).toEqual([0, 1]);
  expect(runs.find((_, at) => endings[at]!.code === 1)!.output).toContain('another "gatehouse files move" is running');
  expect(await problems()).toEqual([]);
  expect(await countIn('local')).toBe(0);
});

it('a damaged file stays where it is, and the run names it', async () => {
  const { rows } = await installation.database.query(`SELECT id FROM stored_files WHERE state = 'kept' LIMIT 1`);
  const { id } = rows[0] as { id: string };
  const { bytes } = (await storage.head(`files/${id}`))!;
  await storage.put(`files/${id}`, newPicture(bytes));
  const run = move('local');
  expect(await run.ended).toMatchObject({ code: 1 });
  expect(run.output).toContain(`${id}: differs from its checksum`);
  expect(await objectIds()).toEqual([id]);
  expect(await countIn('s3')).toBe(1);
});
