import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ObjectStorage, type StoredObject } from '../../src/core/object-storage/object-storage.js';
import { ObjectStorageFailure } from '../../src/core/object-storage/object-storage-failure.js';
import { freePort } from '../support/free-port.js';
import { OwnSwift } from '../support/own-swift.js';

let swift: OwnSwift;
let storage: ObjectStorage;

beforeAll(async () => {
  swift = await OwnSwift.start();
  storage = new ObjectStorage(swift.config);
});

afterAll(async () => {
  await storage.close();
  await swift.remove();
});

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** The reason of the failure that `work` ends with. */
async function failureOf(work: Promise<unknown>): Promise<ObjectStorageFailure> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ObjectStorageFailure);
  return error as ObjectStorageFailure;
}

async function pagesOf(list: AsyncIterable<readonly StoredObject[]>): Promise<(readonly StoredObject[])[]> {
  const pages = [];
  for await (const page of list) pages.push(page);
  return pages;
}

it('an object is what was put, and gone once deleted', async () => {
  const bytes = randomBytes(300_000);
  await storage.put('one/object', bytes);
  expect(await storage.head('one/object')).toMatchObject({ key: 'one/object', bytes: 300_000 });
  const opened = await storage.get('one/object');
  expect(opened!.bytes).toBe(300_000);
  expect(sha256(await buffer(opened!.content))).toBe(sha256(bytes));
  await storage.delete('one/object');
  expect(await storage.get('one/object')).toBeUndefined();
  expect(await storage.head('one/object')).toBeUndefined();
  await storage.delete('one/object');
});

it('the store refuses content that differs from its checksum, and keeps nothing of it', async () => {
  const bytes = randomBytes(100_000);
  const open = () => Readable.from(bytes, { objectMode: false });
  const failure = await failureOf(
    storage.put('damaged', { bytes: bytes.length, sha256: sha256(randomBytes(8)), open }),
  );
  expect(failure.reason).toBe('refused');
  expect(await storage.head('damaged')).toBeUndefined();
});

it('a list has every object below its prefix once, over several pages', async () => {
  const keys = Array.from({ length: 25 }, (_, index) => `list/${String(index).padStart(3, '0')}`);
  await Promise.all([...keys, 'lists/other'].map((key) => storage.put(key, Buffer.from('x'))));
  const pages = await pagesOf(storage.list('list/', 10));
  expect(pages.map((page) => page.length)).toEqual([10, 10, 5]);
  expect(pages.flat().map(({ key }) => key)).toEqual(keys);
  expect(pages.flat().every(({ modifiedAt }) => Math.abs(Date.now() - modifiedAt.getTime()) < 3_600_000)).toBe(true);
  expect(await pagesOf(storage.list('none/'))).toEqual([[]]);
});

it('a wrong secret and a missing bucket are refused, with the code of the store', async () => {
  const wrong = new ObjectStorage({ ...swift.config, secretAccessKey: 'wrong' });
  expect(await failureOf(wrong.head('x'))).toMatchObject({ reason: 'refused' });
  expect((await failureOf(wrong.get('x'))).message).toContain('SignatureDoesNotMatch');
  await wrong.close();
  const elsewhere = new ObjectStorage({ ...swift.config, bucket: 'missing-bucket' });
  expect(await failureOf(elsewhere.put('x', Buffer.from('x')))).toMatchObject({ reason: 'refused' });
  expect(await failureOf(elsewhere.get('x'))).toMatchObject({ reason: 'refused' });
  expect(await failureOf(pagesOf(elsewhere.list()))).toMatchObject({ reason: 'refused' });
  await elsewhere.close();
});

it('a store that nothing listens for is unreachable', async () => {
  const nowhere = new ObjectStorage({ ...swift.config, endpoint: `http://127.0.0.1:${await freePort()}` });
  expect(await failureOf(nowhere.head('x'))).toMatchObject({ reason: 'unreachable' });
  await nowhere.close();
});

it('a store that hangs fails within the timeout, before and in the middle of a transfer', async () => {
  const hasty = new ObjectStorage({ ...swift.config, timeoutMs: 1_000 });
  const bytes = randomBytes(16 * 1024 * 1024);
  await hasty.put('large', bytes);
  const opened = await hasty.get('large');
  swift.pause();
  try {
    // An endless upload: only the lack of progress can end it.
    const chunks = async function* () {
      for (;;) yield randomBytes(65_536);
    };
    const upload = hasty.put('endless', { bytes: 2 ** 40, sha256: sha256(bytes), open: () => Readable.from(chunks()) });
    const failures = await Promise.all([failureOf(upload), failureOf(hasty.head('large'))]);
    expect(failures.map(({ reason }) => reason)).toEqual(['timeout', 'timeout']);
    await expect(buffer(opened!.content)).rejects.toThrow();
  } finally {
    swift.resume();
  }
  await hasty.put('after', Buffer.from('again'));
  expect((await hasty.read('after'))!.toString()).toBe('again');
  await hasty.close();
});
