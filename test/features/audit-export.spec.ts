import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inTransaction } from '../../src/core/database/transaction.js';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { AuditChains } from '../../src/kit/audit/audit-chains.js';
import { HttpsReceiver, type ReceivedEvent, SyslogReceiver } from '../support/audit-receivers.js';
import { gatehouse } from '../support/gatehouse.js';
import { type OwnCertificate, ownCertificate } from '../support/own-certificate.js';
import { TestServer } from '../support/start-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const ENCRYPTION_KEY = randomBytes(32).toString('base64');

const folder = temporaryFolder();
let certificate: OwnCertificate;
let https: HttpsReceiver;
let syslog: SyslogReceiver;
beforeAll(async () => {
  certificate = await ownCertificate(folder);
  https = await HttpsReceiver.start(certificate);
  syslog = await SyslogReceiver.start(certificate);
});
afterAll(async () => {
  await https.stop();
  await syslog.stop();
});

const server = TestServer.forSuite(() => ({
  ENCRYPTION_KEY,
  AUDIT_EXPORT_URL: `${https.url},${syslog.url}`,
  AUDIT_EXPORT_AUTHORIZATION: 'Bearer of-the-receiver',
  AUDIT_EXPORT_CA_FILE: certificate.file,
}));

const run = (...args: string[]) =>
  gatehouse({ LOG_LEVEL: 'silent', DATABASE_URL: server.databaseUrl, ENCRYPTION_KEY }, ...args);

interface Stored {
  readonly chain: string;
  readonly sequence: number;
  readonly hash: string;
  readonly action: string;
}

async function stored(): Promise<Stored[]> {
  const sql = 'SELECT chain, sequence, hash, action FROM audit_entries ORDER BY chain COLLATE "C", sequence';
  return (await server.owner.query<Stored>(sql)).rows;
}

const entryOf = ({ unmapped }: ReceivedEvent) => unmapped.gatehouse.entry;
const placeOf = ({ chain, sequence, hash }: { chain: string; sequence: number; hash: string }) =>
  `${chain} ${String(sequence).padStart(6, '0')} ${hash}`;

/** Waits until the receiver has exactly what the database has. */
async function untilExported(events: () => readonly ReceivedEvent[]): Promise<void> {
  await until('all entries have arrived', async () => {
    const wanted = (await stored()).map(placeOf);
    const arrived = new Set(events().map((event) => placeOf(entryOf(event))));
    return wanted.every((place) => arrived.has(place));
  });
  const wanted = new Set((await stored()).map(placeOf));
  expect(events().filter((event) => !wanted.has(placeOf(entryOf(event))))).toEqual([]);
}

const eventOf = (message: string) => JSON.parse(message.slice(message.indexOf('{'))) as ReceivedEvent;
const syslogEvents = () => syslog.messages.map(eventOf);

async function newHistory(): Promise<string> {
  const org = await server.newOrg();
  const { id } = await server.newOrgKey(org, { scopes: ['contacts:read'] });
  await server.as(org.partner.key).delete(`/partner/v1/orgs/${org.id}/api-keys/${id}`).expect(204);
  return org.id;
}

test('each entry arrives over HTTPS as one line, in the order of its chain', async () => {
  const chain = await newHistory();
  await untilExported(() => https.events);
  const received = https.events.map(entryOf).filter((entry) => entry.chain === chain);
  expect(received.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  const { headers } = https.posts[0]!;
  expect(headers).toMatchObject({
    'content-type': 'application/x-ndjson',
    authorization: 'Bearer of-the-receiver',
    'idempotency-key': expect.stringMatching(/^\d+-1$/),
  });
});

/** Facts of the schema of OCSF 1.6.0: activities by class, and attributes that an event must have. */
const CLASSES: Readonly<Record<number, { activities: readonly number[]; required: readonly string[] }>> = {
  3002: { activities: [0, 1, 2, 3, 4, 5, 6, 99], required: ['user', 'service'] },
  3004: { activities: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 99], required: ['entity'] },
};
const REQUIRED = ['activity_id', 'category_uid', 'class_uid', 'metadata', 'severity_id', 'time', 'type_uid'];

test('each event has the required attributes of its OCSF class', async () => {
  const org = await server.newOrg();
  await server.newSession(org);
  await untilExported(() => https.events);
  const classes = new Set<number>();
  for (const event of https.events) {
    const { activities, required } = CLASSES[event.class_uid]!;
    classes.add(event.class_uid);
    expect(Object.keys(event)).toEqual(expect.arrayContaining([...REQUIRED, ...required]));
    expect(activities).toContain(event.activity_id);
    expect(event.type_uid).toBe(event.class_uid * 100 + event.activity_id);
    expect([0, 1, 2, 3, 4, 5, 6, 99]).toContain(event.severity_id);
    expect(Math.abs(event.time - Date.now())).toBeLessThan(3_600_000);
    const { metadata } = event;
    expect(metadata).toMatchObject({ version: '1.6.0', product: { name: 'Gatehouse', vendor_name: 'Gatehouse' } });
    expect(event.actor.user['name']).toEqual(expect.any(String));
  }
  expect([...classes].sort()).toEqual([3002, 3004]);
});

test('the verb of an action is the activity of its event', async () => {
  const chain = await newHistory();
  await untilExported(() => https.events);
  const events = https.events.filter((event) => entryOf(event).chain === chain);
  expect(events.map(({ metadata, activity_id }) => [metadata['event_code'], activity_id])).toEqual([
    ['org.created', 1],
    ['api_key.created', 1],
    ['api_key.revoked', 4],
  ]);
  expect(events[0]!.entity).toMatchObject({ type_id: 4, uid: chain, org: { uid: chain } });
  expect(events[2]!.entity).toMatchObject({ type_id: 99, type: 'api_key' });
});

test('each entry arrives by syslog over TLS, in the format of RFC 5424', async () => {
  await newHistory();
  await untilExported(syslogEvents);
  const [first] = syslog.messages;
  expect(first).toMatch(
    /^<109>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z gatehouse\.test gatehouse - \S+ \[origin software="gatehouse" swVersion="[\d.]+"\]\[meta sequenceId="1"\] \{/,
  );
});

test('a connection of syslog that ends early is no receipt', async () => {
  await untilExported(syslogEvents);
  const before = syslog.messages.length;
  syslog.reads = false;
  const chain = await newHistory();
  await until('the failure is known', async () => (await states('syslog')).some((state) => state.failing));
  syslog.reads = true;
  await untilExported(syslogEvents);
  const later = syslog.messages.slice(before).map(eventOf).map(entryOf);
  expect(later.filter((entry) => entry.chain === chain).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
});

async function states(scheme: string): Promise<{ failing: boolean; error: string | null }[]> {
  const sql = `SELECT failing_since IS NOT NULL AS failing, error FROM audit_export_sinks WHERE sink LIKE $1`;
  return (await server.owner.query(sql, [`${scheme}%`])).rows;
}

test('a receiver that refuses delays the export, which /metrics and doctor tell', async () => {
  https.status = 503;
  const posts = https.posts.length;
  await newHistory();
  await until('the failure is known', async () => (await states('https')).some((state) => state.failing));
  const metrics = (await server.http.get('/metrics').expect(200)).text;
  expect(metrics).toMatch(/gatehouse_audit_export_failing\{sink="https:\/\/localhost:\d+\/#[0-9a-f]{12}"\} 1/);
  expect(metrics).toMatch(/gatehouse_audit_export_lag_seconds\{sink="syslog\+tls:/);
  expect(metrics).not.toContain('of-the-receiver');
  const settings = { AUDIT_EXPORT_URL: https.url, AUDIT_EXPORT_CA_FILE: certificate.file };
  const doctor = () =>
    gatehouse({ LOG_LEVEL: 'silent', DATABASE_URL: server.databaseUrl, ENCRYPTION_KEY, ...settings }, 'doctor');
  expect((await doctor()).stdout).toMatch(/PROBLEM +audit export: .*: the receiver answered 503/);
  https.status = 204;
  await untilExported(() => https.events);
  expect(https.posts.length).toBeGreaterThan(posts);
  await until('doctor is content', async () => (await doctor()).stdout.includes('ok       audit export'));
});

test('an entry whose transaction commits after younger ones is exported too', async () => {
  const { id: orgId } = await server.newOrg();
  await inTransaction(server.database.dataSource, async (manager) => {
    await manager.query('SELECT pg_current_xact_id()');
    await newHistory();
    await untilExported(() => https.events);
    const target = { type: 'org', id: orgId, name: 'Acme Tours' };
    server.app.get(AuditChains).append(manager, OPERATOR, { action: 'org.updated', orgId, target });
  });
  await untilExported(() => https.events);
});

describe('audit verify --from-export', () => {
  const save = async (name: string, lines: readonly string[]) => {
    const file = join(folder, name);
    await writeFile(file, lines.map((line) => `${line}\n`).join(''));
    return file;
  };
  let lines: readonly string[];
  let chain: string;
  beforeAll(async () => {
    chain = await newHistory();
    await untilExported(() => https.events);
    await untilExported(syslogEvents);
    lines = https.lines;
  });
  const ofChain = (line: string) => entryOf(JSON.parse(line)).chain === chain;
  const verify = async (name: string, kept: readonly string[]) =>
    run('audit', 'verify', '--from-export', await save(name, kept));

  test('accepts the lines of both sinks, with repeats', async () => {
    const { code, stdout } = await verify('both.log', [...lines, ...syslog.messages]);
    expect(stdout).toMatch(/Export: \d+ chains with \d+ entries \(\d+ repeats\), 0 problems\. 0 entries/);
    expect(code).toBe(0);
  });

  test('finds a gap in the export', async () => {
    const { code, stdout, stderr } = await verify(
      'gap.log',
      lines.filter((line) => !ofChain(line) || entryOf(JSON.parse(line)).sequence !== 2),
    );
    expect(stdout).toContain(`chain ${chain}, link 2: the entry is missing in the export`);
    expect([code, stderr]).toEqual([1, expect.stringContaining('problems with the export: 1')]);
  });

  test('finds an altered entry, and an altered head', async () => {
    const altered = lines.map((line) =>
      ofChain(line)
        ? line.replaceAll('"sequence":3,"action":"api_key.revoked"', '"sequence":3,"action":"api_key.updated"')
        : line,
    );
    expect(altered).not.toEqual(lines);
    expect((await verify('altered.log', altered)).stdout).toContain(
      `chain ${chain}, link 3: the exported entry was altered`,
    );
    const forged = lines.map((line) =>
      line.replace(/("head":\{"chain":"[^"]+","sequence":\d+,"hash":"[^"]+","at":")20/, '$119'),
    );
    expect(forged).not.toEqual(lines);
    expect((await verify('forged.log', forged)).stdout).toContain('an exported head was altered');
  });

  test('finds entries that the database lost', async () => {
    const sql = (text: string) => server.owner.query(text, text.includes('$1') ? [chain] : []);
    await sql('ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_append_only');
    await sql(`CREATE TABLE kept_entries AS SELECT * FROM audit_entries WHERE chain = '${chain}' AND sequence > 1`);
    await sql('DELETE FROM audit_entries WHERE chain = $1 AND sequence > 1');
    const { code, stdout } = await verify('lost.log', lines);
    await sql('INSERT INTO audit_entries SELECT * FROM kept_entries');
    await sql('DROP TABLE kept_entries');
    await sql('ALTER TABLE audit_entries ENABLE ALWAYS TRIGGER audit_entries_append_only');
    expect(stdout).toContain(`chain ${chain}, links 2 to 3: the database lacks the exported entry`);
    expect(code).toBe(1);
  });
});
