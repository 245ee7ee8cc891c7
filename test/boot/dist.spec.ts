import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listenLocally } from '../support/local-server.js';
import { isServing } from './embedded-postgres-clone.js';
import { makeDataDir, Program, stopProgramsAndRemove, startServer } from './program.js';

let dataDir: string;
beforeAll(async () => {
  dataDir = await makeDataDir();
});
afterAll(() => stopProgramsAndRemove(dataDir));

test('the built server starts on an empty folder, answers, and ends with exit code 0 on SIGTERM', async () => {
  const { program, url } = await startServer({ DATA_DIR: dataDir });
  const answers = await Promise.all(['/healthz', '/readyz', '/nowhere'].map((path) => fetch(url + path)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 404]);
  expect(await answers[1]!.json()).toMatchObject({ status: 'ok', database: 'up' });

  const idle = connect(Number(new URL(url).port), '127.0.0.1');
  await once(idle, 'connect');
  expect(await program.signal('SIGTERM')).toMatchObject({ code: 0, stdout: '' });
  idle.destroy();
});

test('the built server starts again on the same folder, serves the documented routes and pages, and ends on Ctrl-C', async () => {
  const { program, url } = await startServer({ DATA_DIR: dataDir });
  const document = JSON.parse(await readFile('docs/openapi.json', 'utf8'));
  expect(await (await fetch(`${url}/openapi.json`)).json()).toEqual(document);
  const pages = await Promise.all(['/docs/assets/reference.css', '/dashboard/'].map((path) => fetch(url + path)));
  expect(pages.map(({ status }) => status)).toEqual([200, 200]);
  expect(await program.signal('SIGINT')).toMatchObject({ code: 0 });
});

test('a start whose port is taken fails, and leaves no Postgres running', async () => {
  const other = createServer();
  await listenLocally(other);
  const { port } = other.address() as AddressInfo;
  try {
    const program = Program.start('main.js', { DATA_DIR: dataDir, PORT: String(port) });
    const { code, stderr } = await program.ended();
    expect(code).toBe(1);
    expect(stderr).toContain('EADDRINUSE');
    expect(await isServing(join(dataDir, 'postgres'))).toBe(false);
  } finally {
    other.close();
  }
});

test('a start with invalid settings fails, and names each of them', async () => {
  const settings = { DATA_DIR: dataDir, PORT: 'http', LOG_LEVEL: 'loud', DATABASE_URL: 'postgres://nowhere/none' };
  const { code, stderr } = await Program.start('main.js', settings).ended();
  expect(code).toBe(1);
  expect(['PORT must', 'LOG_LEVEL must', 'ENCRYPTION_KEY is'].filter((part) => !stderr.includes(part))).toEqual([]);
});

test('the bundle is ASCII, imports none of the modules of Node, and has the only copy of the validation rules', async () => {
  const names = (await readdir('dist/src')).filter((name) => /^serve.*\.js$/.test(name));
  const texts = await Promise.all(names.map((name) => readFile(`dist/src/${name}`, 'utf8')));
  expect(texts.join('').length).toBeGreaterThan(1_000_000);
  expect(names.filter((_, index) => /[\u0080-\uffff]/.test(texts[index]!))).toEqual([]);
  const imported = texts.flatMap((text) => [...text.matchAll(/^(?:import|export) .*from "([^."][^"]*)";$/gm)]);
  const modules = imported.map(([, module]) => module!);
  expect(modules).toContain('pino');
  expect(modules.filter((module) => isBuiltin(module) || module.startsWith('class-'))).toEqual([]);
});
