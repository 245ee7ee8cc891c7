import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { KeyFile } from './key-file.js';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-key-file-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

it('the key file is readable by its owner only, when it is made and after every change', async () => {
  const umask = process.umask(0);
  try {
    const file = KeyFile.in(dataDir);
    await file.keys();
    expect(await modeOf(file.path)).toBe('600');
    await chmod(file.path, 0o644);
    await file.addNewKey();
    expect(await modeOf(file.path)).toBe('600');
    await chmod(file.path, 0o644);
    await file.dropOldKeys();
    expect(await modeOf(file.path)).toBe('600');
    expect(await readdir(dataDir)).toEqual(['encryption.key']);
  } finally {
    process.umask(umask);
  }
});

it('a new key comes first, and older keys stay until they are dropped', async () => {
  const file = KeyFile.in(dataDir);
  const [first] = await file.keys();
  await file.addNewKey();
  const [next, ...older] = await file.keys();
  expect(older).toEqual([first]);
  expect(next).not.toEqual(first);
  expect(await file.dropOldKeys()).toBe(1);
  expect(await file.keys()).toEqual([next]);
});

it('processes that start at once read the same key', async () => {
  const made = await Promise.all(Array.from({ length: 20 }, () => KeyFile.in(join(dataDir, 'new')).keys()));
  expect(new Set(made.map(([key]) => key.toString('hex'))).size).toBe(1);
});

it('a file of an earlier version, one key without a newline, is valid', async () => {
  const key = Buffer.alloc(32, 3);
  await writeFile(join(dataDir, 'encryption.key'), key.toString('base64'));
  expect(await KeyFile.in(dataDir).keys()).toEqual([key]);
});

it.each(['', '\n', 'c2hvcnQ=', `${Buffer.alloc(32).toString('base64')}\nc2hvcnQ=`])(
  'a file of anything but keys is refused and stays as it is: %j',
  async (text) => {
    const path = join(dataDir, 'encryption.key');
    await writeFile(path, text);
    await expect(KeyFile.in(dataDir).keys()).rejects.toThrow('32 bytes in base64');
    expect(await readFile(path, 'utf8')).toBe(text);
  },
);
