import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newService, type TestService } from '../support/services.js';
import { TestServer } from '../support/start-app.js';
import { newOpaqueKey } from '../support/stored-keys.js';
import { ExampleProcess } from './support/example-process.js';

const run = promisify(execFile);
const REPOSITORY = resolve(import.meta.dirname, '../..');
const SDK = join(REPOSITORY, 'sdk');
const COMPILER = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
const FRAMEWORKS = ['express', 'fastify', 'hono', 'nestjs'];
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
  await cp(join(SDK, 'examples'), join(project, 'examples'), { recursive: true });
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
  await writeFile(join(project, 'logo.png'), PNG);
  const others = [
    'openapi-fetch',
    'openapi-typescript-helpers',
    '@types',
    '@nestjs',
    '@hono',
    ...FRAMEWORKS.slice(0, 3),
  ];
  for (const name of others) {
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
  await compile('--lib', 'es2022,dom', '--noEmit', 'example.mts', 'upload-example.mts');
});

describe('the example of', () => {
  let service: TestService;
  let orgId: string;
  let reader: string;
  let writer: string;
  beforeAll(async () => {
    const files = FRAMEWORKS.map((name) => `examples/${name}.ts`);
    // Types of frameworks are theirs to check.
    await compile('--lib', 'es2022,dom', '--experimentalDecorators', '--skipLibCheck', '--outDir', 'built', ...files);
    service = await newService(server, {
      resource: 'invoices',
      routes: [{ methods: ['GET'], path: '/invoices', needs: 'invoices:read' }],
    });
    orgId = (await server.newOrg()).id;
    reader = (await newOpaqueKey(server, orgId, { scopes: ['invoices:read'] })).key;
    writer = (await newOpaqueKey(server, orgId, { scopes: ['invoices:write'] })).key;
  });

  it.each(FRAMEWORKS)('%s answers scoped calls, and refuses a key without the scope', async (name) => {
    const settings = { gatehouse: server.url, serviceKey: service.key, cwd: project };
    const example = await ExampleProcess.start(process.execPath, [`built/${name}.js`], settings);
    const org = { id: orgId, external_id: null };
    expect(await example.get('/invoices', reader)).toMatchObject({
      status: 200,
      body: { org, invoices: ['2026-001'] },
    });
    expect(await example.get('/reports', reader)).toMatchObject({ status: 200, body: { org, total: 120 } });
    const message = 'This API key does not have the required scope: "invoices:read".';
    for (const path of ['/invoices', '/reports']) {
      expect(await example.get(path, writer)).toMatchObject({ status: 403, body: { statusCode: 403, message } });
    }
    await example.stop();
  });
});

it.each(['example.ts', 'upload-example.ts', 'examples/express.ts'])('the README shows %s', async (name) => {
  const [readme, example] = await Promise.all(['README.md', name].map((file) => readFile(join(SDK, file), 'utf8')));
  expect(readme!.includes(`\`\`\`ts\n${example!}\`\`\``)).toBe(true);
});

it('the package imports openapi-fetch, NestJS for its decorators, HTTP of Node, and itself', async () => {
  const dist = join(project, 'node_modules/gatehouse-sdk/dist');
  const files = (await readdir(dist, { recursive: true })).filter((file) => file.endsWith('.js'));
  const texts = await Promise.all(files.map(async (file) => [file, await readFile(join(dist, file), 'utf8')] as const));
  const imported = texts.flatMap(([file, text]) =>
    [...text.matchAll(/from ['"]([^'".][^'"]*)['"]/g)].map(([, name]) => `${file}: ${name}`),
  );
  expect(imported.toSorted()).toEqual([
    'gatehouse.js: openapi-fetch',
    'middleware/nestjs.js: @nestjs/common',
    'middleware/node-fetch.js: node:http',
    'middleware/node-fetch.js: node:https',
  ]);
  expect(texts.filter(([, text]) => /\b(?:process|Buffer|require)\b/.test(text))).toEqual([]);
});

/** @throws Error with what the compiler says */
async function compile(...args: string[]): Promise<void> {
  const settings = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--types', 'node'];
  await run(process.execPath, [COMPILER, ...settings, ...args], { cwd: project }).catch(
    ({ stdout }: { stdout: string }) => {
      throw new Error(stdout);
    },
  );
}
