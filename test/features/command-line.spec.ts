import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/programs/cli/commands.js';
import { openServices } from '../../src/programs/cli/services.js';
import { loadConfig } from '../../src/core/config/config.js';
import { createLog } from '../../src/core/logging/log.js';
import { createEmptyDatabase, type TestDatabase } from '../support/database.js';
import { gatehouse } from '../support/gatehouse.js';
import { type TestPartner, TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const JWT = /^eyJ[\w-]+\.[\w-]+\.[\w-]{86}$/;
const ENCRYPTION_KEY = randomBytes(32).toString('base64');
const WEBHOOK_URL = 'https://hooks.acme.example/';

const settingsFor = (databaseUrl: string) => ({ LOG_LEVEL: 'silent', DATABASE_URL: databaseUrl, ENCRYPTION_KEY });

const server = TestServer.forSuite({ ENCRYPTION_KEY });

const run = (...args: string[]) => gatehouse(settingsFor(server.databaseUrl), ...args);

/** The JSON output of a command that must succeed without output on stderr. */
async function json(...args: string[]) {
  const { code, stdout, stderr } = await run(...args, '--json');
  expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
  return JSON.parse(stdout);
}

async function lastLine(...args: string[]): Promise<string> {
  return (await run(...args)).stdout.trimEnd().split('\n').at(-1)!;
}

const loaded = await Promise.all(Object.values(COMMANDS).map((load) => load()));
const withParts = loaded.flatMap(({ name, parts }) => (parts === undefined ? [] : [{ name, parts }]));

test.each(withParts)('$name resolves the services that it needs', async ({ parts }) => {
  const config = loadConfig(settingsFor(server.databaseUrl));
  const context = await openServices(config, createLog(config), parts);
  await context.close();
});

test('each command works, and with --json writes exactly one JSON document to stdout', async () => {
  expect(await json('migrate')).toEqual({ applied: [] });

  const partner = await json('partner', 'create', '--name', 'Acme', '--allow-ip', '127.0.0.1', '--allow-ip', '::1');
  const shape = { id: expect.stringMatching(UUID), name: 'Acme', is_active: true, ai_instructions: null };
  expect(partner).toMatchObject({ ...shape, allowed_ips: ['127.0.0.1', '::1'] });
  expect((await json('partner', 'list')).items[0]).toEqual(partner);
  const named = await json('partner', 'update', partner.id, '--name', 'Acme 2', '--allow-any-ip');
  expect(named).toMatchObject({ id: partner.id, name: 'Acme 2', allowed_ips: [] });
  expect(partner).toMatchObject({ confirm_login_links: null });
  for (const [choice, confirm_login_links] of Object.entries({ true: true, false: false, default: null })) {
    const updated = await json('partner', 'update', partner.id, '--confirm-login-links', choice);
    expect(updated).toMatchObject({ name: 'Acme 2', confirm_login_links });
  }
  const written = await json('partner', 'update', partner.id, '--contact-email', 'Keys@Partner.EXAMPLE');
  expect(written).toMatchObject({ contact_email: 'keys@partner.example' });
  expect(await json('partner', 'update', partner.id, '--contact-email', '')).toMatchObject({ contact_email: null });
  const careful = await json(
    'partner',
    'create',
    '--name',
    'Careful',
    '--confirm-login-links',
    'true',
    '--contact-email',
    'a@b.example',
  );
  expect(careful).toMatchObject({ confirm_login_links: true, contact_email: 'a@b.example' });
  expect(await json('partner', 'deactivate', partner.id)).toMatchObject({ is_active: false });
  expect(await json('partner', 'activate', partner.id)).toMatchObject({ is_active: true });

  const key = await json('partner', 'key', 'create', '--partner', partner.id);
  expect(key).toEqual({ api_key_id: expect.stringMatching(UUID), api_key: expect.stringMatching(JWT) });
  const listed = { api_key_id: key.api_key_id, name: 'Default', revoked_at: null };
  expect((await json('partner', 'key', 'list', '--partner', partner.id)).items).toMatchObject([listed]);
  await json('partner', 'key', 'revoke', key.api_key_id);
  const { items } = await json('partner', 'key', 'list', '--partner', partner.id);
  expect(items[0].revoked_at).toEqual(expect.any(String));

  const org = await json('org', 'create', '--name', 'Acme Tours', '--partner', partner.id);
  expect(org).toMatchObject({ id: expect.stringMatching(UUID), name: 'Acme Tours', partner_id: partner.id });
  expect((await json('org', 'list')).items[0]).toMatchObject({ id: org.id });
  await whatsAppNumbers(partner.id, org.id);
  const link = await json('login-link', 'create', '--org', org.id, '--email', 'a@b.co', '--role', 'admin');
  expect(link).toEqual({
    url: expect.stringMatching(/\/partner-login\?token=[0-9a-f]{64}$/),
    expires_at: expect.stringMatching(/Z$/),
  });

  expect(await json('signing-key', 'rotate')).toEqual({ kid: expect.any(String) });
  expect(await json('audit', 'verify')).toMatchObject({ broken: [] });
  expect(await json('encryption', 'rotate')).toMatchObject({ tables: expect.any(Array) });
  expect(Buffer.from((await json('encryption', 'new-key')).key, 'base64')).toHaveLength(32);
  expect(await json('doctor')).toMatchObject({ ok: true });
});

describe('the audit', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-services-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Commands that only read. */
  const READING = [
    'partner list',
    'partner key list',
    'service list',
    'service show',
    'service key list',
    'operator key list',
    'key list',
    'key show',
    'key check',
    'key exposures',
    'policy show',
    'policy violations',
    'leak-rules',
    'org list',
    'whatsapp number list',
    'webhook list',
    'webhook deliveries',
    'audit verify',
    'audit heads',
    'doctor',
  ];
  const NOT_AUDITED = {
    migrate: 'it makes the tables that the audit is kept in',
    'encryption new-key': 'it changes no row',
    'encryption rotate': 'it changes how secrets rest, and no secret',
    'encryption drop-old-keys': 'it changes no row',
    'files move': 'it changes where files are, and no setting',
    'files orphans': 'it deletes only objects that no row has',
    'webhook replay': 'it sends deliveries again, and changes no setting',
    'webhook test': 'it sends an event, and changes no setting',
  };
  type Ids = Readonly<
    Record<
      'partner' | 'key' | 'org' | 'orgKey' | 'document' | 'exported' | 'serviceKey' | 'operatorKey' | 'webhook',
      string
    >
  >;
  const WRITING: Readonly<Record<string, (ids: Ids) => { args: string[]; action: string }>> = {
    'partner create': () => ({ args: ['--name', 'Audited'], action: 'partner.created' }),
    'partner update': ({ partner }) => ({
      args: [partner, '--confirm-login-links', 'true'],
      action: 'partner.updated',
    }),
    'partner deactivate': ({ partner }) => ({ args: [partner], action: 'partner.updated' }),
    'partner activate': ({ partner }) => ({ args: [partner], action: 'partner.updated' }),
    'partner key create': ({ partner }) => ({ args: ['--partner', partner], action: 'api_key.created' }),
    'partner key revoke': ({ key }) => ({ args: [key], action: 'api_key.revoked' }),
    'key create': ({ org }) => ({ args: ['--org', org, '--full-access'], action: 'api_key.created' }),
    'key update': ({ orgKey }) => ({ args: [orgKey, '--tag', 'audited'], action: 'api_key.updated' }),
    'key rotate': ({ orgKey }) => ({ args: [orgKey], action: 'api_key.rotated' }),
    'key suspend': ({ orgKey }) => ({ args: [orgKey], action: 'api_key.suspended' }),
    'key resume': ({ orgKey }) => ({ args: [orgKey], action: 'api_key.resumed' }),
    'keys bulk': ({ org, orgKey }) => ({
      args: ['--org', org, '--id', orgKey, '--action', 'suspend'],
      action: 'api_key.suspended',
    }),
    'key revoke': ({ orgKey }) => ({ args: [orgKey], action: 'api_key.revoked' }),
    'keys revoke-all': ({ org }) => ({ args: ['--org', org], action: 'api_key.revoked' }),
    'policy set': ({ org }) => ({ args: ['--org', org, '--max-active-keys', '5'], action: 'key_policy.updated' }),
    'keys import': ({ org, exported }) => ({
      args: ['--org', org, '--preset', 'csv', '--scope', 'tags:read', exported],
      action: 'api_key.imported',
    }),
    'service apply': ({ document }) => ({ args: ['-f', document], action: 'service.updated' }),
    'service key create': () => ({ args: ['--service', 'billing'], action: 'api_key.created' }),
    'service key revoke': ({ serviceKey }) => ({ args: [serviceKey], action: 'api_key.revoked' }),
    'service suspend': () => ({ args: ['billing'], action: 'service.suspended' }),
    'service resume': () => ({ args: ['billing'], action: 'service.resumed' }),
    'service remove': () => ({ args: ['billing'], action: 'service.deleted' }),
    'operator key create': () => ({ args: [], action: 'api_key.created' }),
    'operator key revoke': ({ operatorKey }) => ({ args: [operatorKey], action: 'api_key.revoked' }),
    'org create': () => ({ args: ['--name', 'Audited'], action: 'org.created' }),
    'org update': ({ org }) => ({ args: [org, '--on-exposed', 'revoke'], action: 'org.updated' }),
    'org suspend': ({ org }) => ({ args: [org], action: 'org.suspended' }),
    'org resume': ({ org }) => ({ args: [org], action: 'org.resumed' }),
    'webhook create': () => ({ args: ['--url', WEBHOOK_URL], action: 'webhook_endpoint.created' }),
    'webhook update': ({ webhook }) => ({
      args: [webhook, '--description', 'Ops'],
      action: 'webhook_endpoint.updated',
    }),
    'webhook rotate-secret': ({ webhook }) => ({ args: [webhook], action: 'webhook_endpoint.secret_rotated' }),
    'webhook delete': ({ webhook }) => ({ args: [webhook], action: 'webhook_endpoint.deleted' }),
    'login-link create': ({ org }) => ({ args: ['--org', org, '--email', 'a@b.co'], action: 'login_link.created' }),
    'whatsapp number assign': ({ org }) => ({
      args: ['2000', '--org', org, '--display-number', '+49 30 1', '--verified-name', 'Acme'],
      action: 'whatsapp_number.assigned',
    }),
    'whatsapp number release': () => ({ args: ['2000'], action: 'whatsapp_number.released' }),
    'signing-key rotate': () => ({ args: [], action: 'signing_key.created' }),
    'audit new-key': () => ({ args: [], action: 'audit_key.created' }),
  };

  test('every command that writes is tested here', () => {
    const listed = [...Object.keys(WRITING), ...READING, ...Object.keys(NOT_AUDITED)];
    expect(listed.toSorted()).toEqual(Object.keys(COMMANDS).toSorted());
  });

  test('has an entry by the operator for each command that writes', async () => {
    const partner = (await json('partner', 'create', '--name', 'Acme')).id;
    const key = (await json('partner', 'key', 'create', '--partner', partner)).api_key_id;
    const org = (await json('org', 'create', '--name', 'Acme Tours')).id;
    const orgKey = (await json('key', 'create', '--org', org, '--full-access')).api_key_id;
    const exported = join(folder, 'exported.csv');
    await writeFile(exported, `hash\n${'ab'.repeat(32)}\n`);
    const document = join(folder, 'billing.json');
    await writeFile(document, JSON.stringify({ service: 'billing', label: 'Billing' }));
    await json('service', 'apply', '-f', document);
    const serviceKey = (await json('service', 'key', 'create', '--service', 'billing')).api_key_id;
    const operatorKey = (await json('operator', 'key', 'create')).api_key_id;
    const webhook = (await json('webhook', 'create', '--url', WEBHOOK_URL)).id;
    await writeFile(document, JSON.stringify({ service: 'billing', label: 'Billing 2' }));
    const newest = async () =>
      (await server.database.query('SELECT id, action, actor_type FROM audit_entries ORDER BY id DESC LIMIT 1'))
        .rows[0];
    for (const [command, callOf] of Object.entries(WRITING)) {
      const { args, action } = callOf({
        partner,
        key,
        org,
        orgKey,
        document,
        exported,
        serviceKey,
        operatorKey,
        webhook,
      });
      const before = await newest();
      await json(...command.split(' '), ...args);
      const after = await newest();
      expect([command, after]).toEqual([command, { id: expect.any(String), action, actor_type: 'operator' }]);
      expect(after!['id']).not.toBe(before!['id']);
    }
  });
});

/** Assigns, releases and removes a number. */
async function whatsAppNumbers(partner_id: string, org_id: string): Promise<void> {
  const id = '1234567890';
  const call = (...args: string[]) => json('whatsapp', 'number', ...args);
  const ofPartner = ['--partner', partner_id, '--business-account', '7000'];
  expect(await call('assign', id, ...ofPartner)).toEqual({ id, partner_id });
  const shown = { display_phone_number: '+49 30 1', verified_name: 'Acme' };
  const ofOrg = ['--org', org_id, '--display-number', '+49 30 1', '--verified-name', 'Acme'];
  expect(await call('assign', id, ...ofOrg)).toEqual({ id, ...shown, status: 'registered', org_id });
  const place = { id, partner_id, org_id, business_account_id: '7000', display_phone_number: '+49 30 1' };
  expect(await call('list')).toEqual({ items: [place] });
  expect(await call('release', id)).toEqual({ id });
  expect(await call('list')).toEqual({ items: [{ ...place, org_id: null, display_phone_number: null }] });
  expect(await call('release', id, '--remove')).toEqual({ id });
  expect(await call('list')).toEqual({ items: [] });
}

test('audit heads prints a line per chain, which audit verify accepts, also from the log', async () => {
  await json('org', 'create', '--name', 'Acme Tours');
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-heads-'));
  const file = join(folder, 'heads.jsonl');
  const verify = () => run('audit', 'verify', '--heads', file);
  const { stdout } = await run('audit', 'heads');
  const lines = stdout.trimEnd().split('\n');
  expect((await json('audit', 'heads')).heads).toHaveLength(lines.length);

  await writeFile(
    file,
    `${stdout}{"level":40,"msg":"audit heads","heads":[${lines[0]}]}\n{"level":30,"msg":"other"}\n`,
  );
  await json('org', 'create', '--name', 'Later');
  const compared = `${lines.length + 1} saved heads compared.\n`;
  expect(await verify()).toMatchObject({ code: 0, stdout: expect.stringContaining(compared) });

  const { chain } = JSON.parse(lines[0]!);
  await writeFile(file, lines[0]!.replace(/"sequence":\d+/, '"sequence":77'));
  expect(await verify()).toMatchObject({
    code: 1,
    stdout: expect.stringContaining(`chain ${chain}, link 77: the kept`),
  });
  for (const [text, reason] of [
    ['', 'no head'],
    ['{"level":30}', 'no head'],
    ['heads', 'Line 1 is not JSON'],
    ['{"chain":"installation","hash":"0"}', 'Line 1: a head lacks fields'],
  ] as const) {
    await writeFile(file, text);
    expect(await verify()).toEqual({ code: 1, stdout: '', stderr: expect.stringContaining(reason) });
  }
  await rm(folder, { recursive: true });
});

test('without --json, a new secret is alone on the last line', async () => {
  const { id } = await json('partner', 'create', '--name', 'Acme');
  const org = await json('org', 'create', '--name', 'Acme Tours');
  expect(await lastLine('partner', 'key', 'create', '--partner', id)).toMatch(JWT);
  expect(await lastLine('login-link', 'create', '--org', org.id, '--email', 'a@b.co')).toMatch(/^http\S+$/);
});

describe('a running server', () => {
  let partner: TestPartner;
  beforeEach(async () => {
    partner = await server.newPartner();
  });

  const ask = async () => (await server.as(partner.key).get('/partner/v1/orgs')).status;

  /** Sends requests while the command runs, and one immediately after it has ended. */
  async function askThroughout(...args: string[]): Promise<{ first: number; after: number }> {
    const first = await ask();
    let isOver = false;
    const asking = (async () => {
      while (!isOver) await ask();
    })();
    await json(...args);
    const after = await ask();
    isOver = true;
    await asking;
    return { first, after };
  }

  test('refuses cached keys once the command that deactivates the partner has ended', async () => {
    expect(await askThroughout('partner', 'deactivate', partner.id)).toEqual({ first: 200, after: 401 });
    expect(await askThroughout('partner', 'activate', partner.id)).toEqual({ first: 401, after: 200 });
  });

  test('refuses cached keys once the command that narrows the allowed addresses has ended', async () => {
    const narrow = ['partner', 'update', partner.id, '--allow-ip', '192.0.2.1'];
    expect(await askThroughout(...narrow)).toEqual({ first: 200, after: 403 });
    expect(await askThroughout('partner', 'update', partner.id, '--allow-any-ip')).toEqual({ first: 403, after: 200 });
  });

  test('refuses cached keys once the command that revokes them has ended', async () => {
    const [key] = (await json('partner', 'key', 'list', '--partner', partner.id)).items as { api_key_id: string }[];
    const revoke = ['partner', 'key', 'revoke', key!.api_key_id];
    expect(await askThroughout(...revoke)).toEqual({ first: 200, after: 401 });
  });
});

describe('a command that fails', () => {
  test.each([
    [1, ['partner', 'update', UNKNOWN_ID, '--name', 'Acme'], /^gatehouse: Partner not found\n$/],
    [1, ['partner', 'create', '--name', 'Acme', '--allow-ip', '10.0.0.5/8'], /^gatehouse: .*10\.0\.0\.0\/8.*\n$/],
    [1, ['partner', 'create', '--name', ''], /^gatehouse: name must be longer.*\n$/],
    [
      1,
      ['partner', 'create', '--name', 'Acme', '--contact-email', 'a@b'],
      /^gatehouse: contact_email must be an email.*\n$/,
    ],
    [1, ['partner', 'key', 'create', '--partner', 'acme'], /^gatehouse: Partner not found\n$/],
    [1, ['partner', 'key', 'revoke', UNKNOWN_ID], /^gatehouse: API key not found\n$/],
    [1, ['org', 'create', '--name', 'x'.repeat(201)], /^gatehouse: name must be shorter.*\n$/],
    [1, ['login-link', 'create', '--org', 'acme', '--email', 'a@b.co'], /^gatehouse: Org not found\n$/],
    [
      2,
      ['login-link', 'create', '--org', UNKNOWN_ID, '--email', 'a@b.co', '--role', 'king'],
      /--role must be one of owner/,
    ],
    [2, ['partner', 'update', UNKNOWN_ID], /^gatehouse: Give at least one option to change\.\n$/],
    [2, ['partner', 'create'], /^gatehouse: --name is missing\. Usage: gatehouse partner create --name NAME.*\n$/],
    [2, ['partner', 'destroy'], /^gatehouse: There is no command "partner destroy".*\n$/],
    [2, [], /^gatehouse: Which command\?.*\n$/],
  ])('exits %i with nothing on stdout and one line on stderr: %j', async (code, args, line) => {
    const ending = await run(...args, ...(args.length > 0 ? ['--json'] : []));
    expect(ending).toEqual({ code, stdout: '', stderr: expect.stringMatching(line) });
  });

  test('names every invalid setting in one line', async () => {
    const { code, stderr } = await gatehouse({ PORT: 'x', LOG_LEVEL: 'x' }, 'partner', 'list');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^gatehouse: .*PORT.*LOG_LEVEL.*\n$/) });
  });

  test('with --help lists every command on stdout', async () => {
    const { code, stdout } = await run('--help');
    expect(code).toBe(0);
    const names = [...Object.keys(COMMANDS), 'start', 'demo'];
    expect(names.filter((name) => !stdout.includes(`\n  ${name} `))).toEqual([]);
  });
});

describe('a database with a problem', () => {
  let empty: TestDatabase;
  let client: pg.Client;
  const settings = () => ({ ...settingsFor(empty.serverUrl), DATABASE_OWNER_URL: empty.url });
  const onIt = (...args: string[]) => gatehouse(settings(), ...args);
  beforeAll(async () => {
    empty = await createEmptyDatabase();
    client = new pg.Client({ connectionString: empty.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await empty.drop();
  });

  test('is not migrated automatically: the error says what to run', async () => {
    const refused = await onIt('partner', 'list');
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('run "gatehouse migrate"') });
    expect(await onIt('doctor')).toMatchObject({ code: 1, stdout: expect.stringMatching(/PROBLEM +migrations/) });
    expect((await client.query('select from pg_tables where schemaname = current_schema()')).rowCount).toBe(0);
    const migrated = await onIt('migrate', '--json');
    expect(JSON.parse(migrated.stdout)).toEqual({ applied: expect.arrayContaining([expect.any(String)]) });
    expect(await onIt('partner', 'list')).toMatchObject({ code: 0, stderr: '' });
    expect(await onIt('doctor')).toMatchObject({ code: 0, stderr: '' });
  });

  test('has the first broken entry of each audit chain named', async () => {
    for (const name of ['One', 'Two', 'Three']) await onIt('partner', 'create', '--name', name);
    await client.query('alter table audit_entries disable trigger audit_entries_append_only');
    await client.query(`update audit_entries set actor_name = 'altered' where sequence = 2`);
    const { code, stdout, stderr } = await onIt('audit', 'verify', '--json');
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'gatehouse: broken audit chains: 1\n' });
    expect(JSON.parse(stdout).broken).toEqual([
      { chain: 'installation', sequence: 2, problem: 'the entry, or the one before it, was altered' },
    ]);
  });

  test('has its problems listed by the doctor', async () => {
    await onIt('signing-key', 'rotate');
    await client.query('alter table api_keys disable trigger access_ring_update');
    await client.query('alter table orgs add column surplus text');
    await client.query(`do $$ declare part text; begin
      for part in select name from month_partitions('events') loop execute 'drop table ' || part; end loop; end $$`);
    const wrongKey = { ...settings(), ENCRYPTION_KEY: Buffer.alloc(32, 2).toString('base64') };
    const { code, stdout } = await gatehouse({ ...wrongKey, TRUSTED_PROXIES: '1' }, 'doctor', '--json');
    const { checks } = JSON.parse(stdout) as { checks: { name: string; ok: boolean }[] };
    const ill = checks.filter(({ ok }) => !ok).map(({ name }) => name);
    expect({ code, ill }).toEqual({
      code: 1,
      ill: ['trusted proxies', 'schema', 'partitions', 'triggers', 'audit', 'signing keys', 'encryption'],
    });
  });

  test('is reported by the doctor if it is missing', async () => {
    const { code, stdout } = await gatehouse({ ...settings(), DATABASE_URL: 'postgres://x@127.0.0.1:1/x' }, 'doctor');
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringMatching(/PROBLEM +database: .*ECONNREFUSED/) });
  });
});
