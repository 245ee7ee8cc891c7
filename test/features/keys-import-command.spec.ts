import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ManagedKey } from '../../src/tenancy/api-keys/key-view.dto.js';
import { gatehouse } from '../support/gatehouse.js';
import { FOREIGN_FORMS, newToken, random, sha256Hex } from '../support/key-imports.js';
import { type Signed, signedInAs } from '../support/manage.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const ENCRYPTION_KEY = randomBytes(32).toString('base64');
const server = TestServer.forSuite({ ENCRYPTION_KEY });
let folder: string;
let org: TestOrg;
let admin: Signed;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'gatehouse-import-'))));
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  org = await server.newOrg();
  admin = await signedInAs(server, org, 'Admin');
});

const whoami = (token: string) => server.as(token).get('/whoami');
const run = (preset: string, path: string, ...args: string[]) => {
  const settings = {
    LOG_LEVEL: 'silent',
    DATABASE_URL: server.databaseUrl,
    ENCRYPTION_KEY,
    LIMIT_ACTIVE_KEYS_PER_ORG: '20000',
  };
  return gatehouse(settings, 'keys', 'import', '--org', org.id, '--preset', preset, ...args, path);
};
const total = async () => {
  const { body } = await admin.get('/manage/v1/api-keys/imports').expect(200);
  return (body as { items: { total: number }[] }).items.reduce((sum, { total: each }) => sum + each, 0);
};

async function file(name: string, content: string | object): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('gatehouse keys import', () => {
  it('imports a CSV file by the names of its columns', async () => {
    const [scoped, full] = [newToken(), newToken()];
    const path = await file(
      'keys.csv',
      `name,hash,scopes,access,metadata.plan,tags,allowed_ips,rate_limit_per_minute,enabled,external_id
"Warehouse, Berlin",${sha256Hex(scoped)},contacts:read tags:read,,pro,erp stock,203.0.113.0/24 127.0.0.1,30,true,k1
=SUM(A1),${sha256Hex(full)},,full,,,,,,k2
`,
    );
    expect(await run('csv', path)).toEqual({
      code: 0,
      stderr: '',
      stdout: 'created        2\nexist already  0\ninvalid        0\n',
    });
    expect((await whoami(scoped).expect(200)).body).toMatchObject({
      name: 'Warehouse, Berlin',
      scopes: ['contacts:read', 'tags:read'],
      allowed_ips: ['203.0.113.0/24', '127.0.0.1'],
      rate_limit: { per_minute: 30 },
    });
    expect((await whoami(full).expect(200)).body).toMatchObject({ name: '=SUM(A1)', access: 'full' });
  });

  it('imports 10,000 keys, and again what a first run has left out', async () => {
    const tokens = Array.from({ length: 10_000 }, () => newToken());
    const lines = tokens.map((token, index) => `Key ${index},${sha256Hex(token)}`);
    const half = await file('half.csv', ['name,hash', ...lines.slice(0, 4_500)].join('\n'));
    await run('csv', half, '--scope', 'contacts:read', '--name', 'All');
    const whole = await file('whole.csv', ['name,hash', ...lines].join('\n'));
    const { code, stdout } = await run('csv', whole, '--scope', 'contacts:read', '--name', 'All', '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { created: 5_500, exists: 4_500, invalid: 0 }]);
    expect(await total()).toBe(10_000);
    for (const token of [tokens[0]!, tokens[4_999]!, tokens[9_999]!]) await whoami(token).expect(200);
  });

  it('changes nothing with --dry-run, and answers as it would', async () => {
    const token = newToken();
    const path = await file(
      'dry.csv',
      `name,hash,scopes\nA,${sha256Hex(token)},contacts:read\nB,tooshort,contacts:read\n`,
    );
    const { code, stdout, stderr } = await run('csv', path, '--dry-run');
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'gatehouse: 1 key is invalid\n' });
    expect(stdout).toContain('would be created  1');
    expect(stdout).toContain('key 2 (B): hash must be a whole SHA-256 of 32 bytes in hex, base64 or base64url');
    expect(await total()).toBe(0);
    await whoami(token).expect(401);
  });

  it('writes the answer to each key to a report that only its owner reads', async () => {
    const token = newToken();
    const path = await file(
      'reported.csv',
      `name,hash,scopes\nA,${sha256Hex(token)},contacts:read\nB,,contacts:read\n`,
    );
    const report = join(folder, 'report.jsonl');
    await run('csv', path, '--report', report);
    const text = await readFile(report, 'utf8');
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toEqual([
      { key: 1, source: 'A', status: 'created', id: expect.any(String), problem: null, lost: [] },
      { key: 2, source: 'B', status: 'invalid', id: null, problem: 'hash is required', lost: [] },
    ]);
    expect(text).not.toContain(sha256Hex(token));
  });

  it('takes a pepper from a file, and a lookup part from the token', async () => {
    const pepper = await file('pepper', 'c2FsdHkgd2F0ZXI');
    const peppered = await FOREIGN_FORMS['HMAC-SHA-256']!.make();
    const csv = await file('peppered.csv', `hash,scopes\n${peppered.row.hash},contacts:read\n`);
    expect((await run('csv', csv, '--pepper-file', pepper, '--pepper-use', 'hmac')).code).toBe(0);
    await whoami(peppered.token).expect(200);

    const split = await FOREIGN_FORMS['argon2id of the secret behind a lookup part']!.make();
    const rows = await file('split.csv', `hash,lookup,scopes\n"${split.row.hash}",${split.row.lookup},contacts:read\n`);
    const form = ['--hash', 'argon2', '--hashed', 'secret', '--lookup-separator', '.', '--token-prefix', 'acme_'];
    expect(await run('csv', rows, ...form)).toMatchObject({ code: 0, stderr: '' });
    await whoami(split.token).expect(200);
  });

  it.each<[string, string, string, string]>([
    ['a file that is no JSON', 'bad.json', '{"key": "sk_live_secret', 'is neither valid JSON nor valid YAML'],
    ['a list without objects', 'list.json', '["sk_live_secret"]', 'holds no list of objects'],
    ['a line that is no object', 'bad.jsonl', '"sk_live_secret"', 'is no JSON object'],
    [
      'a row with too many cells',
      'cells.csv',
      'name,hash\nA,B,sk_live_secret\n',
      'has not as many cells as the header',
    ],
    ['a column that no key has', 'columns.csv', 'name,secret\nA,sk_live_secret\n', 'has unknown columns: secret'],
    ['a row that never ends', 'endless.csv', `name,hash\n"${'A'.repeat(2_000_000)}`, 'is too long'],
  ])('says what is wrong with %s, without quoting it', async (_what, name, content, message) => {
    const { code, stdout, stderr } = await run('csv', await file(name, content));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('sk_live_secret');
  });

  it('refuses an unknown org, and options that contradict each other', async () => {
    const path = await file('one.csv', `name,hash,scopes\nA,${sha256Hex(newToken())},contacts:read\n`);
    const settings = { LOG_LEVEL: 'silent', DATABASE_URL: server.databaseUrl, ENCRYPTION_KEY };
    const unknown = await gatehouse(settings, 'keys', 'import', '--org', UNKNOWN_ID, '--preset', 'csv', path);
    expect(unknown).toMatchObject({ code: 1, stderr: 'gatehouse: Org not found\n' });
    expect(await run('csv', path, '--pepper-use', 'hmac')).toMatchObject({ code: 2 });
    expect(await run('csv', path, '--token-length', 'long')).toMatchObject({ code: 2 });
    expect(await run('nginx', path)).toMatchObject({ code: 2 });
  });
});

describe('the preset of Better Auth', () => {
  // Made by the plugin itself: test/fixtures/better-auth/make.mjs.
  const FIXTURE = join('test', 'fixtures', 'better-auth');
  let tokens: Record<'plain' | 'prefixed' | 'limited' | 'bare' | 'disabled', string>;
  beforeAll(async () => {
    ({ tokens } = JSON.parse(await readFile(join(FIXTURE, 'tokens.json'), 'utf8')) as { tokens: typeof tokens });
  });

  it.each(['apikey.json', 'apikey.csv'])(
    'imports its own table from %s, and each key works unchanged',
    async (name) => {
      const { code, stdout } = await run('better-auth', join(FIXTURE, name), '--scope', 'tags:read', '--name', name);
      expect({ code, stdout }).toEqual({
        code: 0,
        stdout:
          'created        5\nexist already  0\ninvalid        0\nNot carried over: remaining requests of 1 keys.\n',
      });
      const keyOf = async (token: string) => {
        const { body } = await whoami(token).expect(200);
        return (await admin.get(`/manage/v1/api-keys/${body.id}`).expect(200)).body as ManagedKey;
      };
      expect(await keyOf(tokens.plain)).toMatchObject({
        name: 'Booking website',
        scopes: ['contacts:read'],
        expires_at: null,
        masked_key: `${tokens.plain.slice(0, 6)}…`,
        external_id: expect.any(String),
        metadata: { reference_id: expect.any(String) },
      });
      expect(await keyOf(tokens.prefixed)).toMatchObject({
        name: 'Warehouse, Berlin',
        scopes: ['contacts:read', 'contacts:write', 'tags:read'],
        expires_at: '2090-01-02T03:04:05.000Z',
        metadata: { plan: 'pro', seats: '5', contact: '{"team":"ops"}' },
      });
      expect(await keyOf(tokens.limited)).toMatchObject({ rate_limit: { per_minute: 90 } });
      expect(await keyOf(tokens.bare)).toMatchObject({ name: 'Without permissions', scopes: ['tags:read'] });
      await whoami(tokens.disabled).expect(401);
      await server.owner.query('DELETE FROM api_keys WHERE org_id = $1', [org.id]);
    },
  );
});

describe('the preset of Unkey', () => {
  const base64 = (token: string) => createHash('sha256').update(token).digest('base64');
  const newKey = () => `acme_${random(22)}`;

  it('imports rows of its table, but for deleted ones', async () => {
    const [active, deleted, disabled] = [newKey(), newKey(), newKey()];
    const rows = [
      {
        id: 'key_1',
        hash: base64(active),
        start: active.slice(0, 9),
        name: 'Production',
        meta: '{"plan":"pro","seats":5,"nested":{"a":1}}',
        expires: '2090-01-02 03:04:05.000',
        created_at_m: 1_700_000_000_000,
        enabled: 1,
        remaining_requests: 100,
        identity_id: 'id_7',
        deleted_at_m: null,
      },
      {
        id: 'key_2',
        hash: base64(deleted),
        start: 'acme_',
        enabled: 1,
        created_at_m: 1,
        deleted_at_m: 1_700_000_000_000,
      },
      { id: 'key_3', hash: base64(disabled), start: 'acme_', enabled: 0, created_at_m: 1 },
    ];
    const path = await file('unkey-table.json', rows);
    const { code, stdout } = await run('unkey', path, '--scope', 'contacts:read');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'created        2\nexist already  0\ninvalid        0\nNot carried over: credits of 1 keys.\n',
    });
    const { body } = await whoami(active).expect(200);
    expect(body).toMatchObject({
      name: 'Production',
      expires_at: '2090-01-02T03:04:05.000Z',
      created_at: '2023-11-14T22:13:20.000Z',
    });
    expect((await admin.get(`/manage/v1/api-keys/${body.id}`).expect(200)).body).toMatchObject({
      external_id: 'key_1',
      metadata: { plan: 'pro', seats: '5', nested: '{"a":1}', external_id: 'id_7' },
    });
    await whoami(deleted).expect(401);
    await whoami(disabled).expect(401);
  });

  it('imports what its API lists with decrypt, with permissions and limits', async () => {
    const token = newKey();
    const path = await file('unkey-api.json', {
      meta: { requestId: 'req_1' },
      data: [
        {
          keyId: 'key_9',
          start: 'acme_12',
          enabled: true,
          name: 'CRM',
          createdAt: 1_700_000_000_000,
          permissions: ['contacts.read', 'documents.write'],
          identity: { id: 'id_1', externalId: 'user_42' },
          ratelimits: [{ id: 'rl_1', name: 'requests', limit: 100, duration: 30_000, autoApply: true }],
          plaintext: token,
        },
      ],
    });
    expect(await run('unkey', path, '--map', 'documents:write=')).toMatchObject({ code: 0, stderr: '' });
    expect((await whoami(token).expect(200)).body).toMatchObject({
      scopes: ['contacts:read'],
      rate_limit: { per_minute: 200 },
    });
  });
});

describe('the preset of Kong', () => {
  const declared = (keys: readonly string[]) => `_format_version: "3.0"
consumers:
  - username: warehouse
    custom_id: "4711"
    tags: [erp]
    acls:
      - group: readers
    keyauth_credentials:
      - key: ${keys[0]}
        tags: [stock]
      - key: ${keys[1]}
        ttl: 86400
  - username: crm
    keyauth_credentials:
      - key: short
keyauth_credentials:
  - id: 2f4a1c3e-0d2b-4b8e-9a51-7c0f6f1d2e3a
    consumer: crm
    key: ${keys[2]}
`;

  it('hashes the keys of its declarative configuration on the way in, and stores none in clear text', async () => {
    const keys = [random(32), random(32), random(32)];
    const path = await file('kong.yaml', declared(keys));
    const report = join(folder, 'kong.jsonl');
    const args = ['--map', 'readers=contacts:read', '--scope', 'tags:read', '--report', report];
    const { code, stdout, stderr } = await run('kong', path, ...args);
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'gatehouse: 1 key is invalid\n' });
    expect(stdout).toContain('created        3');
    expect(stdout).toContain('key 3 (crm): the key is no token of 16 to 512 characters (visible)');
    expect((await whoami(keys[0]!).expect(200)).body).toMatchObject({ name: 'warehouse', scopes: ['contacts:read'] });
    expect((await whoami(keys[1]!).expect(200)).body.expires_at).toEqual(expect.any(String));
    expect((await whoami(keys[2]!).expect(200)).body).toMatchObject({ name: 'crm', scopes: ['tags:read'] });
    const { body } = await admin.get('/manage/v1/api-keys').expect(200);
    const [of] = (body as { items: { tags: string[] }[] }).items.filter(({ tags }) => tags.includes('stock'));
    expect(of).toMatchObject({ tags: ['erp', 'stock'], metadata: { consumer: 'warehouse', custom_id: '4711' } });

    const stored = await server.owner.query(
      `SELECT row_to_json(api_keys)::text AS text FROM api_keys UNION ALL SELECT row_to_json(key_credentials)::text
       FROM key_credentials UNION ALL SELECT row_to_json(audit_entries)::text FROM audit_entries`,
    );
    const everything = [stdout, await readFile(report, 'utf8'), ...stored.rows.map(({ text }) => String(text))].join(
      '\n',
    );
    for (const key of keys) expect(everything).not.toContain(key);
  });
});
