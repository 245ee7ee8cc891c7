import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Child } from '../support/child-process.js';
import { until } from '../support/until.js';
import { makeDataDir, REPOSITORY, stopProgramsAndRemove } from './program.js';

const SIZE_MAX = 8 * 1024 ** 2;
const TEXT = /\.(js|json|css|html|md|svg)$/;

const run = promisify(execFile);
/** Without the settings of the npm that runs this test: they would let npm install into the repository. */
const env = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_(?!config_registry$)/.test(name))),
  PATH: [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
  PORT: '0',
};

let folder: string;
let tarball: string;
let installed: string;
/** Packs the build of this run, and installs it into an empty folder. */
beforeAll(async () => {
  folder = await makeDataDir();
  const packing = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  await run('npm', packing, { cwd: REPOSITORY, maxBuffer: SIZE_MAX });
  const [name] = await readdir(folder);
  tarball = join(folder, name!);
  installed = join(folder, 'empty');
  await mkdir(installed);
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', tarball], { cwd: installed, env });
});
afterAll(() => stopProgramsAndRemove(folder));

const npx = (...args: string[]) => run('npx', ['gatehouse', ...args], { cwd: installed, env, maxBuffer: SIZE_MAX });

test('the package is small, and has no tests, no source maps and no paths of this machine', async () => {
  expect((await stat(tarball)).size).toBeLessThan(SIZE_MAX);
  const root = join(installed, 'node_modules', 'gatehouse');
  const paths = (await readdir(root, { recursive: true })).filter((path) => !path.startsWith('node_modules'));
  expect(paths).toContain('LICENSE');
  expect(paths.filter((path) => /\.spec\.|\.map$|\.tsbuildinfo$/.test(path))).toEqual([]);
  const texts = paths.filter((path) => TEXT.test(path));
  expect(texts.length).toBeGreaterThan(100);
  const strange: string[] = [];
  for (const path of texts) {
    const text = await readFile(join(root, path), 'utf8');
    if ([REPOSITORY, `${homedir()}/`].some((place) => text.includes(place))) strange.push(path);
  }
  expect(strange).toEqual([]);
});

test('the package runs no script when it is installed', async () => {
  const manifest = await readFile(join(installed, 'node_modules', 'gatehouse', 'package.json'), 'utf8');
  const { scripts } = JSON.parse(manifest) as { scripts: Record<string, string> };
  expect(Object.keys(scripts).filter((name) => /^(pre|post)?(install|prepare)$/.test(name))).toEqual([]);
});

test('npx gatehouse prints the version, migrates the embedded database, and finds nothing wrong', async () => {
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
  expect((await npx('--version')).stdout).toBe(`${version}\n`);
  expect(JSON.parse((await npx('migrate', '--json')).stdout)).toEqual({ applied: expect.arrayContaining([]) });
  expect((await npx('doctor')).stdout).toMatch(/^ok {7}migrations: none pending$/m);
});

test('gatehouse start serves the API and the dashboard, and ends on SIGTERM', async () => {
  const server = new Child(join(installed, 'node_modules', '.bin', 'gatehouse'), ['start'], { cwd: installed, env });
  const listens = /listens on (http:\/\/[\d.:]+)/;
  await until('the server listens', () => {
    if (!server.isRunning) throw new Error(`the server ended: ${server.output}`);
    return listens.test(server.output);
  });
  const [, url] = listens.exec(server.output)!;
  const answers = await Promise.all(['/healthz', '/dashboard/', '/docs', '/whoami'].map((path) => fetch(url + path)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 401]);
  expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
});

test('npx gatehouse demo tells how to call it from there', async () => {
  const { stdout } = await npx('demo', '--once');
  expect(stdout).toMatch(/npx gatehouse partner create --name/);
  expect(stdout).toMatch(/\nhttp\S+\/partner-login\?token=[0-9a-f]{64}\n$/);
});
