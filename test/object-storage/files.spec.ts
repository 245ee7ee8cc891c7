import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { uuidV7 } from '../../src/core/database/uuid-v7.js';
import { ObjectStorage, type StoredObject } from '../../src/core/object-storage/object-storage.js';
import { Jobs } from '../../src/core/jobs/jobs.service.js';
import { FILE_SWEEP } from '../../src/kit/files/file-sweep.service.js';
import { gatehouse } from '../support/gatehouse.js';
import { OwnSwift } from '../support/own-swift.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { filesIn } from '../support/stored-files.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { downloadPicture, newPicture, uploadPicture } from '../support/uploads.js';

const ENCRYPTION_KEY = randomBytes(32).toString('base64');
const filesDir = temporaryFolder();
let swift: OwnSwift;
let storage: ObjectStorage;
beforeAll(async () => {
  swift = await OwnSwift.start();
  storage = new ObjectStorage(swift.config);
});
const server = TestServer.forSuite(() => ({
  FILES_STORE: 's3',
  FILES_DIR: filesDir,
  ENCRYPTION_KEY,
  S3_TIMEOUT_MS: '5000',
  ...swift.environment,
}));
afterAll(async () => {
  await storage.close();
  await swift.remove();
});

let org: TestOrg;
let key: string;
beforeEach(async () => {
  org = await server.newOrg();
  ({ key } = await server.newOrgKey(org, { scopes: ['media:write'] }));
});

interface Row {
  readonly id: string;
  readonly state: string;
  readonly store: string;
  readonly also_in: string | null;
  readonly sha256: Buffer | null;
}
const rowsOf = async (orgId = org.id): Promise<Row[]> =>
  (await server.database.pool.query('SELECT * FROM stored_files WHERE org_id = $1', [orgId])).rows;

async function objects(): Promise<StoredObject[]> {
  const all = [];
  for await (const page of storage.list('files/')) all.push(...page);
  return all;
}
const objectOf = (id: string) => storage.head(`files/${id}`);

const command = (...args: string[]) =>
  gatehouse(
    {
      LOG_LEVEL: 'silent',
      DATABASE_URL: server.databaseUrl,
      ENCRYPTION_KEY,
      FILES_STORE: 's3',
      FILES_DIR: filesDir,
      ...swift.environment,
    },
    ...args,
  );

async function orphans(...args: string[]): Promise<unknown> {
  const { code, stdout, stderr } = await command('files', 'orphans', '--json', ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

it('an upload is an object below the prefix, and nothing of it stays on the disk', async () => {
  const picture = newPicture(3_000_000);
  const { status, id } = await uploadPicture(server.url, key, picture);
  expect(status).toBe(201);
  const [row] = await rowsOf();
  expect(row).toMatchObject({ state: 'kept', store: 's3', also_in: null });
  expect(row!.sha256).toHaveLength(32);
  expect(await objectOf(row!.id)).toMatchObject({ bytes: 3_000_000 });
  expect(await filesIn(filesDir)).toEqual([]);
  const { content } = await downloadPicture(server.url, id!);
  expect(content.equals(picture)).toBe(true);
});

it('a refused upload leaves no row and no object', async () => {
  const before = (await objects()).length;
  const { status } = await uploadPicture(server.url, key, newPicture(5 * 1024 * 1024 + 1));
  expect(status).toBe(413);
  expect((await uploadPicture(server.url, key, randomBytes(100))).status).toBe(415);
  expect(await rowsOf()).toEqual([]);
  expect((await objects()).length).toBe(before);
});

it('the object of a deleted file is deleted', async () => {
  await uploadPicture(server.url, key, newPicture(1_000));
  const [row] = await rowsOf();
  await server.owner.query('DELETE FROM media WHERE org_id = $1', [org.id]);
  await server.app.get(Jobs).enqueueScheduled(server.database.dataSource.manager, FILE_SWEEP);
  await until('the row is gone', async () => (await rowsOf()).length === 0);
  expect(await objectOf(row!.id)).toBeUndefined();
});

it('a damaged object is never served whole', async () => {
  const { id } = await uploadPicture(server.url, key, newPicture(500_000));
  const [row] = await rowsOf();
  await storage.put(`files/${row!.id}`, newPicture(500_000));
  await expect(downloadPicture(server.url, id!)).rejects.toThrow();
});

it('orphans of this database are deleted, and no object of another one or of an upload that is under way', async () => {
  await uploadPicture(server.url, key, newPicture(1_000));
  const [row] = await rowsOf();
  const { owner } = (await objectOf(row!.id))!.metadata;
  const ids = { own: uuidV7(), another: uuidV7(), arriving: uuidV7() };
  const insert = 'INSERT INTO stored_files (id, org_id, store) VALUES ($1, $2, $3)';
  await server.database.pool.query(insert, [ids.arriving, org.id, 's3']);
  const content = Buffer.from('x');
  await storage.put(`files/${ids.own}`, content, { owner });
  await storage.put(`files/${ids.arriving}`, content, { owner });
  await storage.put(`files/${ids.another}`, content, { owner: '1/1' });
  await storage.put('files/no-file', content, { owner });
  await storage.put('audit/elsewhere', content, { owner });

  expect(await orphans()).toEqual({ objects: 1, bytes: 1, others: 2 });
  expect(await objectOf(ids.own)).toBeDefined();
  expect(await orphans('--delete')).toEqual({ objects: 1, bytes: 1, others: 2 });
  expect(await objectOf(ids.own)).toBeUndefined();
  for (const id of [ids.another, ids.arriving, row!.id, 'no-file']) expect(await objectOf(id)).toBeDefined();
  expect(await storage.head('audit/elsewhere')).toBeDefined();
});

it('doctor writes, lists, reads and deletes an object', async () => {
  const before = (await objects()).length;
  const { stdout } = await command('doctor');
  expect(stdout).toMatch(
    /ok +object storage: s3:\/\/gatehouse-files\/gatehouse\/ was written, listed, read and deleted/,
  );
  expect(stdout).toMatch(/ok +files: new files go to s3; 0 in the folder, \d+ in object storage/);
  expect((await objects()).length).toBe(before);
});

it('doctor names files in object storage that is not configured, and a wrong secret', async () => {
  await uploadPicture(server.url, key, newPicture(1_000));
  const settings = { LOG_LEVEL: 'silent', DATABASE_URL: server.databaseUrl, ENCRYPTION_KEY };
  expect((await gatehouse(settings, 'doctor')).stdout).toMatch(/PROBLEM +files: \d+ files are in object storage/);
  const wrong = { ...settings, ...swift.environment, S3_SECRET_ACCESS_KEY: 'wrong' };
  expect((await gatehouse(wrong, 'doctor')).stdout).toMatch(/PROBLEM +object storage: .*SignatureDoesNotMatch/);
});

const stops: [string, () => unknown, () => unknown][] = [
  ['gone', () => swift.kill(), () => swift.startAgain()],
  ['silent', () => swift.pause(), () => swift.resume()],
];
it.each(stops)(
  'while the store is %s, only files are 503, with Retry-After, and later they work',
  async (_, stop, go) => {
    const { id } = await uploadPicture(server.url, key, newPicture(1_000));
    await stop();
    try {
      const upload = await uploadPicture(server.url, key, newPicture(1_000_000));
      expect([upload.status, upload.headers.get('retry-after')]).toEqual([503, '1']);
      expect((await fetch(`${server.url}/media/${id}`)).status).toBe(503);
      await server.as(key).get('/whoami').expect(200);
      const { body } = await server.http.get('/readyz').expect(200);
      expect(body).toMatchObject({ status: 'ok' });
    } finally {
      await go();
    }
    expect((await downloadPicture(server.url, id!)).status).toBe(200);
    expect((await uploadPicture(server.url, key, newPicture(1_000))).status).toBe(201);
    const kept = (await rowsOf()).filter(({ state }) => state === 'kept');
    expect(kept).toHaveLength(2);
    for (const row of kept) expect(await objectOf(row.id)).toBeDefined();
  },
);
