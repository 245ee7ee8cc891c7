import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uniqueWord } from '../support/declared-services.js';
import { gatehouse } from '../support/gatehouse.js';
import { createKey, type Signed, signedInAs } from '../support/manage.js';
import { TestServer } from '../support/start-app.js';

const ENCRYPTION_KEY = randomBytes(32).toString('base64');
const server = TestServer.forSuite({ ENCRYPTION_KEY });
let owner: Signed;
let folder: string;
beforeAll(async () => {
  owner = await signedInAs(server, await server.newOrg(), 'Owner');
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-services-'));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (...args: string[]) =>
  gatehouse({ LOG_LEVEL: 'silent', DATABASE_URL: server.databaseUrl, ENCRYPTION_KEY }, ...args);

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

const documentOf = (slug: string, resource: string, more = '') => `service: ${slug}
label: Billing
resources:
  ${resource}: { label: Invoices, actions: [read, write] }
routes:
  - GET /invoices ${resource}:read
${more}`;

describe('gatehouse service apply', () => {
  it('prints the difference, and the running server has the service once it has ended', async () => {
    const [slug, resource] = [uniqueWord('billing'), uniqueWord('invoices')];
    const path = await file('new.yaml', documentOf(slug, resource));
    expect(await run('service', 'apply', '-f', path)).toEqual({
      code: 0,
      stderr: '',
      stdout: `+ service ${slug}
+ resource ${resource}: "Invoices"
+ scope ${resource}:read
+ scope ${resource}:write
+ route GET /invoices: ${resource}:read

Service ${slug} is created.
`,
    });
    await createKey(owner, { scopes: [`${resource}:read`] });
    expect((await run('service', 'apply', '-f', path)).stdout).toBe(`Service ${slug} is unchanged.\n`);
  });

  it('is refused by the scopes that keys hold, after it has printed how many do', async () => {
    const [slug, resource] = [uniqueWord('billing'), uniqueWord('invoices')];
    await run('service', 'apply', '-f', await file('held.yaml', documentOf(slug, resource)));
    await createKey(owner, { scopes: [`${resource}:read`] });
    const without = documentOf(slug, resource)
      .replace('[read, write]', '[write]')
      .replace(`${resource}:read`, `${resource}:write`);
    const path = await file('without.yaml', without);
    const difference = `- scope ${resource}:read (1 key holds it)
~ route GET /invoices: ${resource}:read → ${resource}:write (1 key loses access)
`;
    const planned = await run('service', 'apply', '-f', path, '--dry-run');
    expect(planned).toMatchObject({ code: 1, stdout: expect.stringContaining('because of --dry-run') });
    const { code, stdout, stderr } = await run('service', 'apply', '-f', path);
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: `${difference}\nNothing is changed.\n`,
    });
    expect(stderr).toContain(`"${resource}:read" (1 key)`);
  });

  it('prints each fault with the file and its line', async () => {
    const path = await file('faulty.yaml', 'service: Billing\nlable: Billing\nroutes:\n  - GET invoices\n');
    const { code, stdout, stderr } = await run('service', 'apply', '-f', path);
    expect(code).toBe(1);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.slice(0, path.length + 3)),
    ).toEqual([1, 1, 2, 4].map((line) => `${path}:${line}:`));
    expect(stderr).toContain('has 4 faults; nothing is applied');
  });

  it('makes the declaration from an OpenAPI document', async () => {
    const [slug, tag] = [uniqueWord('billing'), uniqueWord('invoices')];
    const openapi = {
      openapi: '3.1.0',
      info: { title: 'Billing', version: '1' },
      paths: { '/invoices': { get: { tags: [tag], responses: {} }, post: { tags: [tag], responses: {} } } },
    };
    const path = await file('openapi.json', JSON.stringify(openapi));
    const { code, stdout } = await run('service', 'apply', '--openapi', path, '--service', slug);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(`Service ${slug} is created.`) });
    expect(stdout).toContain(`+ route GET /invoices: ${tag}:read`);
    expect(stdout).toContain(`+ route POST /invoices: ${tag}:write`);
  });

  it.each([
    [[], 'Give either --file or --openapi.'],
    [['-f', 'a', '--openapi', 'b'], 'Give either --file or --openapi.'],
    [['--openapi', 'b'], 'Give --service with --openapi only.'],
    [['-f', 'a', '--service', 'b'], 'Give --service with --openapi only.'],
  ])('is a usage error with %j', async (options, message) => {
    const { code, stderr } = await run('service', 'apply', ...options);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  });
});

describe('gatehouse service show', () => {
  it('prints the declaration that apply takes back', async () => {
    const [slug, resource] = [uniqueWord('billing'), uniqueWord('invoices')];
    const more = '  - GET /status public (health page)\nfull_access: all\n';
    await run('service', 'apply', '-f', await file('shown.yaml', documentOf(slug, resource, more)));
    const { stdout } = await run('service', 'show', slug);
    const path = await file('again.yaml', stdout);
    expect((await run('service', 'apply', '-f', path)).stdout).toBe(`Service ${slug} is unchanged.\n`);
    expect(await run('service', 'show', uniqueWord('unknown'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Service not found'),
    });
  });
});

describe('gatehouse service key', () => {
  it('creates keys that the running server takes, and refuses once they are revoked', async () => {
    const [slug, resource] = [uniqueWord('billing'), uniqueWord('invoices')];
    await run('service', 'apply', '-f', await file('keys.yaml', documentOf(slug, resource)));
    const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout);
    const { api_key_id, api_key } = await json('service', 'key', 'create', '--service', slug, '--name', 'Gateway');
    const ask = () =>
      server
        .as(api_key)
        .post('/v1/verify')
        .send({ credential: { bearer: 'x' } });
    await ask().expect(200);
    const { items } = await json('service', 'key', 'list', '--service', slug);
    expect(items).toMatchObject([{ api_key_id, name: 'Gateway', revoked_at: null }]);
    await run('service', 'key', 'revoke', api_key_id);
    await ask().expect(401);
  });
});

describe('gatehouse operator key', () => {
  it('creates keys for the operator API, which refuses them once they are revoked', async () => {
    const { stdout } = await run('operator', 'key', 'create');
    const key = stdout.trimEnd().split('\n').at(-1)!;
    const list = () => server.as(key).get('/operator/v1/services');
    await list().expect(200);
    const { items } = JSON.parse((await run('operator', 'key', 'list', '--json')).stdout);
    await run('operator', 'key', 'revoke', items[0].api_key_id);
    await list().expect(401);
  });
});
