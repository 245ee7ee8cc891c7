import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestServer } from '../support/start-app.js';

const run = promisify(execFile);
const REPOSITORY = resolve(import.meta.dirname, '../..');
const SDK = join(REPOSITORY, 'sdk');

let server: TestServer;
/** A project of somebody who has installed the package. */
let project: string;
beforeAll(async () => {
  server = await TestServer.start();
  project = await mkdtemp(join(tmpdir(), 'gatehouse-sdk-'));
  const installed = join(project, 'node_modules/gatehouse-sdk');
  await mkdir(installed, { recursive: true });
  const compiler = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
  await run(process.execPath, [compiler, '-p', SDK, '--outDir', join(installed, 'dist')]);
  await cp(join(SDK, 'package.json'), join(installed, 'package.json'));
  await cp(join(SDK, 'example.ts'), join(project, 'example.mts'));
  await symlink(join(REPOSITORY, 'node_modules/openapi-fetch'), join(project, 'node_modules/openapi-fetch'));
});
afterAll(async () => {
  await server.close();
  await rm(project, { recursive: true, force: true });
});

it("the README's example provisions an org with the built package, and once more finds it", async () => {
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

it('the README shows that example', async () => {
  const [readme, example] = await Promise.all(
    ['README.md', 'example.ts'].map((file) => readFile(join(SDK, file), 'utf8')),
  );
  expect(readme!.includes(`\`\`\`ts\n${example!}\`\`\``)).toBe(true);
});

it('it imports openapi-fetch and itself, so it runs wherever fetch is', async () => {
  const dist = join(project, 'node_modules/gatehouse-sdk/dist');
  const files = (await readdir(dist)).filter((file) => file.endsWith('.js'));
  const texts = await Promise.all(files.map((file) => readFile(join(dist, file), 'utf8')));
  const imported = texts.flatMap((text) => [...text.matchAll(/from '([^'.][^']*)'/g)].map(([, name]) => name));
  expect([...new Set(imported)]).toEqual(['openapi-fetch']);
  expect(texts.filter((text) => /\b(?:process|Buffer|require)\b/.test(text))).toEqual([]);
});
