import { createHash, randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/access/credentials/credential-format.js';
import type { ImportedBatch, KeyImportList } from '../../src/tenancy/key-imports/key-imports.dto.js';
import type { NewManagedKey } from '../../src/tenancy/api-keys/key-view.dto.js';
import {
  FOREIGN_FORMS,
  type ForeignForm,
  newToken,
  random,
  sha256Hex,
  statusesOf,
  TOKENS,
} from '../support/key-imports.js';
import { createKey, readKey, type Signed, signedInAs } from '../support/manage.js';
import { type TestOrg, TestServer } from '../support/start-app.js';

const KEYS = '/manage/v1/api-keys';
const SET = { name: 'Old product', hash: { algorithm: 'sha256' }, tokens: TOKENS };

const server = TestServer.forSuite({ LIMIT_ACTIVE_KEYS_PER_ORG: '1500' });
let org: TestOrg;
let admin: Signed;
beforeEach(async () => {
  org = await server.newOrg();
  admin = await signedInAs(server, org, 'Admin');
});

const sql = async (text: string, values: unknown[] = []) => (await server.database.pool.query(text, values)).rows;
const whoami = (token: string) => server.as(token).get('/whoami');
const rowOf = (token: string, more: object = {}) => ({ hash: sha256Hex(token), scopes: ['contacts:read'], ...more });
const send = (keys: readonly object[], set: object = SET, by: Signed = admin) =>
  by.post(`${KEYS}/import`).send({ import: set, keys });
const importKeys = async (keys: readonly object[], set: object = SET, by: Signed = admin) =>
  (await send(keys, set, by).expect(200)).body as ImportedBatch;
const imports = async () => ((await admin.get(`${KEYS}/imports`).expect(200)).body as KeyImportList).items;
const problemOf = async (row: object, set: object = SET) => (await importKeys([row], set)).results[0]!.error;

describe.each(Object.entries(FOREIGN_FORMS))('a key stored as %s', (_name, form: ForeignForm) => {
  it('works unchanged with its own scopes, and is stored like any other key after its first use', async () => {
    const { token, row } = await form.make();
    const set = { name: randomUUID(), ...form.set };
    const { results } = await importKeys([{ name: 'CRM sync', scopes: ['contacts:read'], ...row }], set);
    expect(results).toEqual([{ index: 0, status: 'created', id: expect.any(String), error: null }]);
    const { id } = results[0]!;

    await whoami(`${token.slice(0, -1)}~`).expect(401);
    const other = `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`;
    await whoami(other).expect(401);
    const { body } = await whoami(token).expect(200);
    expect(body).toMatchObject({ id, name: 'CRM sync', access: 'scoped', scopes: ['contacts:read'] });
    await server.as(token).get('/contacts').expect(200);
    await server.as(token).get('/tags').expect(403);
    const stored = await sql('SELECT digest, secret_hash FROM key_credentials WHERE key_id = $1', [id]);
    expect(stored).toEqual([{ digest: digestOf(token), secret_hash: null }]);

    const again = await importKeys([{ name: 'CRM sync', scopes: ['contacts:read'], ...row }], set);
    expect(again.results).toEqual([{ index: 0, status: 'exists', id, error: null }]);
  });
});

describe('importing keys', () => {
  it('creates a key with all settings of its row', async () => {
    const token = newToken();
    const row = rowOf(token, {
      name: 'Warehouse',
      description: 'Nightly stock levels',
      expires_at: '2090-01-02T03:04:05.000Z',
      allowed_ips: ['203.0.113.0/24'],
      rate_limit: { per_minute: 30 },
      metadata: { plan: 'pro' },
      tags: ['stock', 'erp'],
      external_id: 'key_4711',
      created_at: '2024-05-06T07:08:09.000Z',
      start: token.slice(0, 20),
      end: token.slice(-4),
    });
    const { results } = await importKeys([row]);
    expect(await readKey(admin, results[0]!.id!)).toMatchObject({
      name: 'Warehouse',
      description: 'Nightly stock levels',
      kind: 'bearer',
      type: 'standard',
      access: 'scoped',
      scopes: ['contacts:read'],
      allowed_ips: ['203.0.113.0/24'],
      rate_limit: { per_minute: 30 },
      metadata: { plan: 'pro' },
      tags: ['erp', 'stock'],
      external_id: 'key_4711',
      masked_key: `${token.slice(0, 16)}…${token.slice(-4)}`,
      acknowledged: true,
      created_at: '2024-05-06T07:08:09.000Z',
      expires_at: '2090-01-02T03:04:05.000Z',
      last_used_at: null,
    });
  });

  it('never grants full access unless the row says so', async () => {
    const [bare, full, both] = [newToken(), newToken(), newToken()];
    const { results } = await importKeys([
      { hash: sha256Hex(bare) },
      { hash: sha256Hex(full), access: 'full' },
      rowOf(both, { access: 'full' }),
    ]);
    expect(results.map(({ error }) => error?.message ?? 'created')).toEqual([
      'keys.0.scopes is required without full access',
      'created',
      'keys.2.scopes cannot be given with full access',
    ]);
    expect((await whoami(full).expect(200)).body).toMatchObject({ access: 'full' });
    await whoami(bare).expect(401);
  });

  it('starts a key that its product had disabled as suspended', async () => {
    const token = newToken();
    const { results } = await importKeys([rowOf(token, { enabled: false })]);
    const [row] = await sql('SELECT suspended_at, suspension_reason FROM api_keys WHERE id = $1', [results[0]!.id]);
    expect(row).toEqual({ suspended_at: expect.any(Date), suspension_reason: 'requested' });
  });

  it('saves the valid rows, and says what is wrong with each of the others', async () => {
    const good = newToken();
    const rows = [
      rowOf(good),
      rowOf(good),
      rowOf(newToken(), { hash: createHash('md5').update('x').digest('hex') }),
      rowOf(newToken(), { hash: sha256Hex('x').slice(0, 40) }),
      rowOf(newToken(), { scopes: ['contacts:fly'] }),
      rowOf(newToken(), { expires_at: '2001-01-01T00:00:00Z' }),
      rowOf(newToken(), { created_at: '2090-01-01T00:00:00Z' }),
      rowOf(newToken(), { lookup: 'abc' }),
      rowOf(newToken(), { colour: 'red' }),
      rowOf(newToken(), { external_id: 'twice' }),
      rowOf(newToken(), { external_id: 'twice' }),
      { scopes: ['contacts:read'] },
    ];
    // As text, because the document has no such rows.
    const sent = admin
      .post(`${KEYS}/import`)
      .type('json')
      .send(JSON.stringify({ import: SET, keys: rows }));
    const { results, summary } = (await sent.expect(200)).body as ImportedBatch;
    expect(summary).toEqual({ created: 2, exists: 1, invalid: 9 });
    expect(results.map(({ error }) => error?.message ?? null)).toEqual([
      null,
      null,
      'keys.2.hash must be a whole SHA-256 of 32 bytes in hex, base64 or base64url',
      'keys.3.hash must be a whole SHA-256 of 32 bytes in hex, base64 or base64url',
      'Scope "contacts:fly" is not available: contacts has read and write only.',
      'expires_at must be in the future',
      'keys.6.created_at must be in the past',
      'keys.7.lookup cannot be given: the import declares none',
      'keys.8.colour is not a known field',
      null,
      'API key with this external_id already exists',
      'keys.11.hash is required',
    ]);
    expect(results[1]!.id).toBe(results[0]!.id);
    await whoami(good).expect(200);
  });

  it.each([
    ['a bcrypt hash that takes too long', 'bcrypt', `$2b$31$${'a'.repeat(53)}`],
    ['a bcrypt hash that is too weak', 'bcrypt', `$2b$04$${'a'.repeat(53)}`],
    ['a truncated bcrypt hash', 'bcrypt', `$2b$10$${'a'.repeat(40)}`],
    [
      'an argon2 hash that takes too much memory',
      'argon2',
      `$argon2id$v=19$m=4194304,t=1,p=1$${'a'.repeat(22)}$${'b'.repeat(43)}`,
    ],
    ['an argon2 hash that is too weak', 'argon2', `$argon2id$v=19$m=8,t=1,p=1$${'a'.repeat(22)}$${'b'.repeat(43)}`],
  ])('refuses %s', async (_what, algorithm, hash) => {
    const set = { ...SET, hash: { algorithm }, lookup: { start: 8, length: 6 } };
    expect(await problemOf({ hash, lookup: 'abcdef', scopes: ['contacts:read'] }, set)).toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('keys.0.hash must be'),
    });
  });

  it('refuses the hash of a key of another org without saying whose it is', async () => {
    const token = newToken();
    await importKeys([rowOf(token)]);
    const other = await signedInAs(server, await server.newOrg(), 'Admin');
    const native = await createKey(other);
    const taken = {
      status: 'invalid',
      id: null,
      error: { code: 'taken', message: 'API key with this hash already exists' },
    };
    expect((await importKeys([rowOf(token)], SET, other)).results).toEqual([{ index: 0, ...taken }]);
    expect((await importKeys([rowOf(native.api_key)])).results).toEqual([{ index: 0, ...taken }]);
    expect((await whoami(token).expect(200)).body).toMatchObject({ org_id: org.id });
  });

  it('changes nothing when a row is repeated, also after the key was renamed, rotated or revoked', async () => {
    const [renamed, rotated, revoked] = [newToken(), newToken(), newToken()];
    const rows = [renamed, rotated, revoked].map((token) => rowOf(token, { name: 'Imported' }));
    const { results } = await importKeys(rows);
    const [first, second, third] = results.map(({ id }) => `${KEYS}/${id}`);
    await admin
      .patch(first!)
      .send({ name: 'Renamed', scopes: ['tags:read'] })
      .expect(200);
    await admin.post(`${second}/rotate`).send({ grace_seconds: 0 }).expect(200);
    await admin.post(`${third}/revoke`).expect(200);
    const before = await sql('SELECT * FROM api_keys WHERE org_id = $1 ORDER BY id', [org.id]);

    expect(statusesOf(await importKeys(rows))).toEqual(['exists', 'exists', 'exists']);
    expect(await sql('SELECT * FROM api_keys WHERE org_id = $1 ORDER BY id', [org.id])).toEqual(before);
    await whoami(renamed).expect(200);
    await whoami(rotated).expect(401);
    await whoami(revoked).expect(401);
  });

  it('gives the first answer again for a repeated Idempotency-Key', async () => {
    const key = randomUUID();
    const rows = [rowOf(newToken())];
    const first = await send(rows).set('Idempotency-Key', key).expect(200);
    const again = await send(rows).set('Idempotency-Key', key).expect(200);
    expect(again.body).toEqual(first.body);
    expect((again.body as ImportedBatch).summary).toEqual({ created: 1, exists: 0, invalid: 0 });
  });

  it("counts towards the org's limit of active keys", async () => {
    const rows = Array.from({ length: 1_000 }, () => rowOf(newToken()));
    expect((await importKeys(rows)).summary).toEqual({ created: 1_000, exists: 0, invalid: 0 });
    const { results, summary } = await importKeys([rows[0]!, ...rows.slice(1).map(() => rowOf(newToken()))]);
    expect(summary).toEqual({ created: 500, exists: 1, invalid: 499 });
    expect(results.at(-1)!.error).toEqual({
      code: 'limit_reached',
      message: 'The limit of 1500 active API keys is reached.',
    });
    expect((await send(Array.from({ length: 1_001 }, () => ({})))).status).toBe(400);
  });

  it('is judged by the policies of the org, key by key', async () => {
    const owner = await signedInAs(server, org, 'Owner');
    const policy = {
      max_lifetime_days: 30,
      default_lifetime_days: 10,
      scope_ceiling: ['contacts:read'],
      max_active_keys: 2,
    };
    await owner.put('/manage/v1/key-policy').send(policy).expect(200);
    const { results } = await importKeys([
      rowOf(newToken()),
      rowOf(newToken(), { expires_at: '2090-01-01T00:00:00Z' }),
      rowOf(newToken(), { scopes: ['tags:read'] }),
      rowOf(newToken()),
      rowOf(newToken()),
    ]);
    expect(results.map(({ status, error }) => error?.code ?? status)).toEqual([
      'created',
      'invalid_request',
      'invalid_request',
      'created',
      'limit_reached',
    ]);
    expect(results[1]!.error!.message).toContain('max_lifetime_days');
    expect(results[2]!.error!.message).toContain('scope_ceiling');
    expect(results[4]!.error!.message).toContain('max_active_keys');
    const { expires_at } = await readKey(admin, results[0]!.id!);
    expect(Date.parse(expires_at!) - Date.now()).toBeLessThan(11 * 86_400_000);
  });

  it('writes nothing where no row is valid', async () => {
    const { body } = await send([{ hash: 'x', scopes: ['contacts:read'] }]).expect(200);
    expect(body).toMatchObject({ import_id: null, summary: { created: 0, exists: 0, invalid: 1 } });
    expect(await imports()).toEqual([]);
    const audit = await admin.get('/manage/v1/audit').query({ action: 'key_import.created' }).expect(200);
    expect(audit.body.items).toEqual([]);
  });

  it('is audited per key, with the access that it grants', async () => {
    const { results } = await importKeys([rowOf(newToken(), { name: 'CRM sync' })]);
    const { body } = await admin.get('/manage/v1/audit').query({ action: 'api_key.imported' }).expect(200);
    expect(body.items).toMatchObject([
      {
        target: { type: 'api_key', id: results[0]!.id, name: 'CRM sync' },
        changes: { scopes: { before: null, after: ['contacts:read'] }, import: { before: null, after: 'Old product' } },
      },
    ]);
  });

  it('is for Admins and Owners, while every member sees the imports', async () => {
    const member = await signedInAs(server, org, 'Member');
    await send([rowOf(newToken())], SET, member).expect(403);
    await member.get(`${KEYS}/imports`).expect(200);
  });
});

describe('an imported key', () => {
  it('gets a key of this server when it is rotated', async () => {
    const token = newToken();
    const { results } = await importKeys([rowOf(token)]);
    const { body } = await admin.post(`${KEYS}/${results[0]!.id}/rotate`).expect(200);
    const { api_key } = body as NewManagedKey;
    expect(api_key).toMatch(/^ocx_live_/);
    expect((await whoami(api_key).expect(200)).body).toMatchObject({ id: results[0]!.id });
    await whoami(token).expect(200);
  });

  it('stays revoked when its revocation commits during its first use', async () => {
    const form = FOREIGN_FORMS['SHA-512 in hex']!;
    const { token, row } = await form.make();
    const { results } = await importKeys([{ scopes: ['contacts:read'], ...row }], { name: 'Race', ...form.set });
    const id = results[0]!.id!;
    const holder = await server.database.pool.connect();
    // The first use waits for the row of the credential, and commits after the revocation.
    await holder.query('BEGIN');
    await holder.query('SELECT FROM key_credentials WHERE key_id = $1 FOR UPDATE', [id]);
    const used = whoami(token);
    const waiting = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%UPDATE key_credentials%'`;
    const answer = used.then(({ status }) => status);
    await expect.poll(async () => (await sql(waiting)).length).toBe(1);
    await admin.post(`${KEYS}/${id}/revoke`).expect(200);
    await holder.query('COMMIT');
    holder.release();
    expect(await answer).toBe(401);
    await whoami(token).expect(401);
    expect(await readKey(admin, id)).toMatchObject({ state: 'revoked' });
  });

  it('works whatever another org imports for the same lookup part', async () => {
    const form = FOREIGN_FORMS['argon2id of the secret behind a lookup part']!;
    const { token, row } = await form.make();
    const hostile = await signedInAs(server, await server.newOrg(), 'Admin');
    const theirs = { ...(await form.make()).row, lookup: row.lookup, scopes: ['contacts:read'] };
    const set = { name: 'Same split', ...form.set };
    expect((await importKeys([theirs], set, hostile)).summary.created).toBe(1);
    await importKeys([{ ...row, scopes: ['contacts:read'] }], set);
    expect((await whoami(token).expect(200)).body).toMatchObject({ org_id: org.id });
  });
});

describe('the declaration of an import', () => {
  const refused = async (set: object) => {
    const { body } = await send([rowOf(newToken())], { ...SET, ...set }).expect(400);
    return (body as { errors: { message: string }[] }).errors.map(({ message }) => message);
  };

  it.each<[string, object, string]>([
    [
      'short tokens',
      { tokens: { ...TOKENS, min_length: 20 } },
      'import.tokens.min_length must be at least 24: 16 after the prefix',
    ],
    [
      'lengths the wrong way round',
      { tokens: { ...TOKENS, max_length: 40 } },
      'import.tokens.max_length must not be less than min_length',
    ],
    ['argon2 without a lookup part', { hash: { algorithm: 'argon2' } }, 'import.lookup is required for argon2'],
    [
      'a hashed secret without a lookup part',
      { hash: { algorithm: 'sha256', hashed: 'secret' } },
      'import.lookup is required where only the secret is hashed',
    ],
    [
      'two ways to find the lookup part',
      { lookup: { separator: '.', start: 0, length: 8 } },
      'import.lookup must have either a separator, or start and length',
    ],
    [
      'a lookup part that is the whole token',
      { lookup: { start: 0, length: 40 } },
      'import.lookup.length must leave 16 characters of the token',
    ],
    [
      'a pepper that is not hex',
      { hash: { algorithm: 'sha256', pepper: { value: 'xyz', use: 'hmac', encoding: 'hex' } } },
      'import.hash.pepper.value must be hex',
    ],
    [
      'a prefix with a blank',
      { tokens: { ...TOKENS, prefix: 'sk live' } },
      'import.tokens.prefix must be printable ASCII without spaces and commas',
    ],
  ])('cannot have %s', async (_what, set, message) => {
    expect(await refused(set)).toContain(message);
  });

  it('stays the same for all batches of a name', async () => {
    const pepper = { value: 'one', use: 'hmac' };
    const set = { ...SET, hash: { algorithm: 'sha256', pepper } };
    await importKeys([rowOf(newToken())], set);
    await importKeys([rowOf(newToken())], set);
    for (const hash of [{ algorithm: 'sha256' }, { algorithm: 'sha256', pepper: { ...pepper, value: 'two' } }]) {
      const { body } = await send([rowOf(newToken())], { ...SET, hash }).expect(409);
      expect(body).toMatchObject({ code: 'import_differs' });
    }
    await send([rowOf(newToken())], { ...SET, name: 'Another' }).expect(200);
  });

  it('is limited to twenty per org', async () => {
    for (let count = 0; count < 20; count++) await importKeys([rowOf(newToken())], { ...SET, name: `Set ${count}` });
    const { body } = await send([rowOf(newToken())], { ...SET, name: 'One more' }).expect(409);
    expect(body).toMatchObject({ message: 'The limit of 20 imports is reached.' });
  });

  it('keeps its pepper encrypted, and shows it nowhere', async () => {
    const pepper = { value: `pepper ${random(20)}`, use: 'hmac' };
    await importKeys([rowOf(newToken())], { ...SET, hash: { algorithm: 'sha256', pepper } });
    const { text } = await admin.get(`${KEYS}/imports`).expect(200);
    expect(text).not.toContain(pepper.value);
    expect(JSON.parse(text)).toMatchObject({ items: [{ has_pepper: true }] });
    const rows = await sql(
      `SELECT encode(pepper, 'escape') AS pepper, format::text FROM key_imports WHERE org_id = $1`,
      [org.id],
    );
    expect(JSON.stringify(rows)).not.toContain(pepper.value);
    const audit = await admin.get('/manage/v1/audit').expect(200);
    expect(audit.text).not.toContain(pepper.value);
  });
});

describe('the list of imports', () => {
  it('tells how many keys were used here since', async () => {
    const tokens = Array.from({ length: 6 }, () => newToken());
    await importKeys(tokens.map((token) => rowOf(token)));
    expect(await imports()).toMatchObject([{ name: 'Old product', total: 6, used: 0, used_percent: 0 }]);
    for (const token of tokens.slice(1)) await whoami(token).expect(200);
    await importKeys([rowOf(tokens[0]!), { hash: 'x', scopes: ['contacts:read'] }]);
    expect(await imports()).toEqual([
      {
        id: expect.any(String),
        name: 'Old product',
        algorithm: 'sha256',
        has_pepper: false,
        tokens: TOKENS,
        total: 6,
        used: 5,
        used_percent: 83,
        created_at: expect.any(String),
        last_batch_at: expect.any(String),
        last_batch: { created: 0, exists: 1, invalid: 1 },
      },
    ]);
  });

  it('has the imports of the own org only', async () => {
    await importKeys([rowOf(newToken())]);
    const other = await signedInAs(server, await server.newOrg(), 'Owner');
    expect((await other.get(`${KEYS}/imports`).expect(200)).body).toEqual({ items: [] });
  });
});

describe('a partner', () => {
  const path = (id: string) => `/partner/v1/orgs/${id}/api-keys`;

  it('imports keys of its orgs, and of no others', async () => {
    const token = newToken();
    const client = server.as(org.partner.key);
    const body = { import: SET, keys: [rowOf(token)] };
    await client
      .post(`${path(org.id)}/import`)
      .send(body)
      .expect(200);
    expect((await whoami(token).expect(200)).body).toMatchObject({ org_id: org.id });
    expect((await client.get(`${path(org.id)}/imports`).expect(200)).body).toMatchObject({ items: [{ total: 1 }] });
    const stranger = server.as((await server.newPartner()).key);
    await stranger
      .post(`${path(org.id)}/import`)
      .send(body)
      .expect(403);
    await stranger.get(`${path(org.id)}/imports`).expect(403);
  });
});
