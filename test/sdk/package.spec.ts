import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestServer } from '../support/start-app.js';

const run = promisify(execFile);
const REPOSITORY = resolve(import.meta.dirname, '../..');
const SDK = join(REPOSITORY, 'sdk');
const COMPILER = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** Only bounds a hang: the compiler is slow on a busy machine. */
let server: TestServer;
/** The folder of a project that depends on the package. */
let project: string;
beforeAll(async () => {
  server = await TestServer.start();
  project = await mkdtemp(join(tmpdir(), 'gatehouse-sdk-'));
  const installed = join(project, 'node_modules/gatehouse-sdk');
  await mkdir(installed, { recursive: true });
  await run(process.execPath, [COMPILER, '-p', SDK, '--outDir', join(installed, 'dist')]);
  await cp(join(SDK, 'package.json'), join(installed, 'package.json'));
  await cp(join(SDK, 'example.ts'), join(project, 'example.mts'));
  await cp(join(SDK, 'upload-example.ts'), join(project, 'upload-example.mts'));
  await writeFile(join(project, 'logo.png'), PNG);
  for (const name of ['openapi-fetch', 'openapi-typescript-helpers', '@types']) {
    await symlink(join(REPOSITORY, 'node_modules', name), join(project, 'node_modules', name));
  }
});
afterAll(async () => {
  await server.close();
  await rm(project, { recursive: true, force: true });
});

it('the example of the README provisions an org, and finds it when run again', async () => {
  const { key } = await server.newPartner();
  const example = async () => {
    const env = { ...process.env, GATEHOUSE_URL: server.url, GATEHOUSE_PARTNER_KEY: key };
    return (await run(process.execPath, ['example.mts'], { cwd: project, env })).stdout;
  };
  for (const said of [await example(), await example()]) {
    expect(said).toMatch(/^The button "Manage support" leads to \S+\/partner-login\?token=[0-9a-f]{64}\n$/);
  }
  const { body } = await server.as(key).get('/partner/v1/orgs').expect(200);
  expect(body).toMatchObject({ total: 1, data: [{ external_id: 'customer-12345' }] });
});

it('the upload example sends a Blob and a form', async () => {
  const { key } = await server.newOrgKey(await server.newOrg());
  const env = { ...process.env, GATEHOUSE_URL: server.url, GATEHOUSE_KEY: key };
  const { stdout } = await run(process.execPath, ['upload-example.mts'], { cwd: project, env });
  expect(stdout).toMatch(/\/media\/[0-9a-f]{32} and Refunds are uploaded\n$/);
});

it('the examples compile against the built package', async () => {
  const settings = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022,dom'];
  const compile = [COMPILER, ...settings, '--types', 'node', 'example.mts', 'upload-example.mts'];
  await run(process.execPath, compile, { cwd: project }).catch(({ stdout }: { stdout: string }) => {
    throw new Error(stdout);
  });
});

it.each(['example.ts', 'upload-example.ts'])('the README shows %s', async (name) => {
  const [readme, example] = await Promise.all(['README.md', name].map((file) => readFile(join(SDK, file), 'utf8')));
  expect(readme!.includes(`\`\`\`ts\n${example!}\`\`\``)).toBe(true);
});

it('the package imports only openapi-fetch and itself', async () => {
  const dist = join(project, 'node_modules/gatehouse-sdk/dist');
  const files = (await readdir(dist)).filter((file) => file.endsWith('.js'));
  const texts = await Promise.all(files.map((file) => readFile(join(dist, file), 'utf8')));
  const imported = texts.flatMap((text) => [...text.matchAll(/from '([^'.][^']*)'/g)].map(([, name]) => name));
  expect([...new Set(imported)]).toEqual(['openapi-fetch']);
  expect(texts.filter((text) => /\b(?:process|Buffer|require)\b/.test(text))).toEqual([]);
});
