import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Installation } from '../support/installation.js';
import { scaled } from '../support/load.js';
import { report } from '../support/report.js';
import type { ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';
import { WriteLoad } from '../support/write-load.js';

const KILLS = scaled(3);
const WRITERS = 12;
const WRITES_PER_LIFE = 40;

let installation: Installation;
const servers: ServerProcess[] = [];
let written: WriteLoad;

beforeAll(async () => {
  installation = await Installation.create();
  servers.push(await installation.startServer());
  const [key] = await installation.storeKeys(await installation.newOrg(servers[0]!), 1);
  written = new WriteLoad(installation, servers, key!, WRITERS);
  for (let kill = 0; kill < KILLS; kill++) {
    // Kill at a random moment, after some writes were answered and while others are in flight.
    const before = written.answered;
    await until('writes are answered', () => written.answered >= before + WRITES_PER_LIFE);
    await sleep(Math.random() * 50);
    await servers[0]!.kill();
    servers[0] = await installation.startServer();
  }
  await written.stop();
  report(`${KILLS} times kill -9`, { answered: written.answered, ...written.calledAgain });
});
afterAll(async () => {
  await servers[0]?.kill();
  await installation.close();
});

async function column(sql: string, values: unknown[] = []): Promise<unknown[]> {
  const { rows } = await installation.database.query({ text: sql, values, rowMode: 'array' });
  return rows.map(([value]: unknown[]) => value);
}

test('requests during the crashes got only documented answers', () => {
  expect(written.calledAgain['ECONNREFUSED']).toBeGreaterThanOrEqual(KILLS);
  expect(written.unexpected).toEqual([]);
  expect(servers[0]!.complaints).toEqual([]);
});

test('every answered write is stored', async () => {
  expect(await written.lost(installation.database)).toEqual([]);
});

test('a call repeated with its Idempotency-Key has created one row', async () => {
  const names = written.orgs.map(({ name }) => name);
  expect(
    await column('SELECT name FROM orgs WHERE name = ANY ($1) GROUP BY name HAVING count(*) > 1', [names]),
  ).toEqual([]);
  const twice = `SELECT name FROM api_keys WHERE created_by_type <> 'operator' GROUP BY name HAVING count(*) > 1`;
  expect(await column(twice)).toEqual([]);
  // Unanswered writes were retried until they were answered, so every stored org is known.
  expect(await column(`SELECT id FROM orgs WHERE name LIKE '%-%-%-%-%' AND NOT (id = ANY ($1))`, [idsOf()])).toEqual(
    [],
  );
});

function idsOf(): string[] {
  return written.orgs.map(({ id }) => id);
}

test('every administrative change has an audit entry, and every entry a change', async () => {
  const pairs: [action: string, changed: string][] = [
    ['org.created', 'SELECT id FROM orgs'],
    ['api_key.created', `SELECT id FROM api_keys WHERE name <> 'Stored by a test'`],
    ['api_key.revoked', 'SELECT id FROM api_keys WHERE revoked_at IS NOT NULL'],
  ];
  for (const [action, changed] of pairs) {
    const audited = `SELECT target_id FROM audit_entries WHERE action = '${action}'`;
    expect(await column(`(${changed}) EXCEPT ALL (${audited})`), `${action} without entry`).toEqual([]);
    expect(await column(`(${audited}) EXCEPT ALL (${changed})`), `${action} without change`).toEqual([]);
  }
});

test('the audit chains verify', async () => {
  const { broken, entries } = await installation.brokenAuditChains();
  expect(broken).toEqual([]);
  expect(entries).toBeGreaterThan(written.orgs.length + written.keyIds.length);
});
