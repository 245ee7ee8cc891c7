import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Child } from '../../support/child-process.js';
import { freePort } from '../../support/free-port.js';
import { HttpClient } from '../../support/http-client.js';
import { Installation, type OrgKey } from '../../support/installation.js';
import { Load } from '../../support/load.js';
import { OwnPostgres } from '../../support/own-postgres.js';
import { report } from '../../support/report.js';
import { serverProgram, type ServerProcess } from '../../support/server-process.js';
import { SmallDisk } from '../../support/small-disk.js';
import { until } from '../../support/until.js';

const MEGABYTES = 160;

let disk: SmallDisk;
let postgres: OwnPostgres;
let installation: Installation;
let server: ServerProcess;
let key: OrgKey;
beforeAll(async () => {
  disk = await SmallDisk.mount(MEGABYTES);
  postgres = await OwnPostgres.startIn(disk.folder);
  installation = await Installation.on(postgres);
  server = await installation.startServer();
  [key] = (await installation.storeKeys(await installation.newOrg(server), 1)) as [OrgKey];
});
afterAll(async () => {
  await server.kill();
  await installation.close();
  await postgres.stop('immediate');
  await disk.unmount();
});

/** About 4 kB of incompressible data. */
function noise(): Record<string, string> {
  const text = () => randomBytes(200).toString('base64');
  return Object.fromEntries(Array.from({ length: 15 }, (_, at) => [`text_${at}`, text()]));
}

/** Resolves with false if Postgres cannot switch its log segment. */
async function nextLogSegment(): Promise<boolean> {
  const sql = `SELECT pg_logical_emit_message(false, 'test', ''), pg_switch_wal()`;
  return postgres.query(sql).then(
    () => true,
    () => false,
  );
}

test('a full disk causes errors, and no answered write is lost or damaged', async () => {
  const client = new HttpClient(key.key);
  const statuses: Record<string, number> = {};
  const contactIds: string[] = [];
  const orgIds: string[] = [];
  const count = (outcome: number | string) => (statuses[outcome] = (statuses[outcome] ?? 0) + 1);

  const refusals = () => Object.entries(statuses).reduce((sum, [status, n]) => (status === '201' ? sum : sum + n), 0);

  const contacts = new Load(6, async () => {
    const contact = { email: `${randomUUID()}@example.com`, custom_data: noise() };
    const answer = await client.ask(server.url, { method: 'POST', path: '/contacts', body: { contact } });
    count(answer.status);
    if (answer.status === 201) contactIds.push(JSON.parse(answer.body).id);
    else await sleep(20);
  });
  const changes = new Load(2, async () => {
    const ask = { method: 'POST', path: '/partner/v1/orgs', body: { name: 'A change' } };
    const answer = await installation.partner.ask(server.url, ask);
    count(answer.status);
    if (answer.status === 201) orgIds.push(JSON.parse(answer.body).id);
    else await sleep(20);
  });

  await until('some are written', () => contactIds.length > 100);
  await disk.fill();
  await until('writes are refused', () => refusals() > 50, { withinMs: 60_000 });
  // Postgres shuts down if it cannot write its log, and may not restart by itself.
  await until('the database is down', async () => !(await nextLogSegment()), { withinMs: 60_000 });
  const refusalsBefore = refusals();
  await until('writes are refused', () => refusals() > refusalsBefore + 50, { withinMs: 60_000 });
  await disk.free();
  if (!postgres.isRunning) await postgres.startAgain();
  const before = contactIds.length;
  await until('writes succeed again', () => contactIds.length > before + 100, { withinMs: 30_000 });
  await Promise.all([contacts.stop(), changes.stop()]);
  client.close();
  report('disk full', statuses);

  expect(Object.keys(statuses).toSorted()).toEqual(['201', '503']);
  const lost = 'SELECT id FROM unnest($1::uuid[]) id WHERE id NOT IN (SELECT id FROM ';
  expect((await installation.database.query(`${lost} contacts)`, [contactIds])).rows).toEqual([]);
  expect((await installation.database.query(`${lost} orgs)`, [orgIds])).rows).toEqual([]);
  expect((await installation.brokenAuditChains()).broken).toEqual([]);
  expect(server.complaints).toEqual([]);
  expect(server.isRunning).toBe(true);
});

test('a server that cannot write its log keeps serving', async () => {
  const small = await SmallDisk.mount(1);
  const [port, log] = [await freePort(), join(small.folder, 'server.log')];
  const env = { ...process.env, ...installation.settings, LOG_LEVEL: 'info', PORT: String(port), LOG_FILE: log };
  // Redirects standard error to a file, as process managers do, then replaces the shell by the server.
  const script = `exec "${process.execPath}" "${serverProgram()}" 2>>"$LOG_FILE"`;
  const logging = new Child('/bin/sh', ['-c', script], { cwd: '/', env });
  const url = `http://127.0.0.1:${port}`;
  const client = new HttpClient(key.key);
  const whoami = () => client.ask(url, { path: '/whoami' }).then(({ status }) => status);
  await until('it serves', async () => (await whoami().catch(() => 0)) === 200);
  await small.fill();
  const statuses = new Set<number>();
  for (let request = 0; request < 100; request++) statuses.add(await whoami());
  expect([...statuses]).toEqual([200]);
  await small.free();
  await whoami();
  client.close();
  expect(await logging.end('SIGTERM')).toEqual({ code: 0, signal: null });
  expect((await readFile(log, 'utf8')).trim().split('\n').at(-1)).toContain('answered');
  await small.unmount();
});
