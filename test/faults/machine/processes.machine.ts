import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HttpClient } from '../../support/http-client.js';
import { Installation, type OrgKey } from '../../support/installation.js';
import { percentile } from '../../support/load.js';
import { OwnPostgres } from '../../support/own-postgres.js';
import { report } from '../../support/report.js';
import type { ServerProcess } from '../../support/server-process.js';

/** What each process adds, for docs/scaling.md. The processes share this machine, so calls take longer than on their own. */
const PROCESSES = [1, 3, 6, 12];
const KEYS = 100;
/** Twelve processes on two cores are slow. */
const HANG_MS = 600_000;
const IDLE_SECONDS = 10;

let postgres: OwnPostgres;
let installation: Installation;
const servers: ServerProcess[] = [];
const client = new HttpClient();

beforeAll(async () => {
  postgres = await OwnPostgres.start();
  installation = await Installation.on(postgres);
});
afterAll(async () => {
  client.close();
  await Promise.all(servers.map((server) => server.kill()));
  await installation.close();
  await postgres.remove();
});

test.each(PROCESSES)(
  '%i processes refuse a revoked key once the call returns',
  async (count) => {
    while (servers.length < count) servers.push(await installation.startServer());
    const orgId = await installation.newOrg(servers[0]!);
    const idle = await idleFigures();
    const keys = await installation.storeKeys(orgId, KEYS);
    const callMs: number[] = [];
    let letIn = 0;
    for (const [index, key] of keys.entries()) {
      expect(await answersOf(key)).toEqual(servers.map(() => 200));
      callMs.push(await revoke(key, servers[index % count]!));
      letIn += (await answersOf(key)).filter((status) => status !== 401).length;
    }
    report(`${count} processes`, {
      'revocation p50, ms': percentile(callMs, 50),
      'p99, ms': percentile(callMs, 99),
      'let in': letIn,
      ...idle,
    });
    expect(letIn).toBe(0);
  },
  HANG_MS,
);

function answersOf({ key }: OrgKey): Promise<number[]> {
  const headers = { Authorization: `Bearer ${key}` };
  return Promise.all(servers.map(async ({ url }) => (await client.ask(url, { path: '/whoami', headers })).status));
}

async function revoke({ id, orgId }: OrgKey, { url }: ServerProcess): Promise<number> {
  const startedAt = performance.now();
  const path = `/partner/v1/orgs/${orgId}/api-keys/${id}`;
  const { status } = await installation.partner.ask(url, { method: 'DELETE', path });
  const took = performance.now() - startedAt;
  expect(status).toBe(204);
  return took;
}

/** Per process, without requests. */
async function idleFigures(): Promise<Record<string, number>> {
  const read = async () => ({ transactions: await transactions(), cpuSeconds: await cpuSeconds() });
  const before = await read();
  await sleep(IDLE_SECONDS * 1000);
  const after = await read();
  const perProcess = (total: number) => total / IDLE_SECONDS / servers.length;
  const { rows } = await installation.database.query<{ count: number }>(
    `select count(*)::int from pg_stat_activity where usename = 'gatehouse_server'`,
  );
  return {
    'idle transactions per second and process': perProcess(after.transactions - before.transactions),
    'idle CPU per process, %': perProcess(after.cpuSeconds - before.cpuSeconds) * 100,
    'connections per process': rows[0]!.count / servers.length,
    'memory per process, MB': (await memoryMb()) / servers.length,
  };
}

async function transactions(): Promise<number> {
  const { rows } = await installation.database.query<{ count: number }>(
    'select xact_commit::float8 as count from pg_stat_database where datname = current_database()',
  );
  return rows[0]!.count;
}

async function cpuSeconds(): Promise<number> {
  const ticks = await Promise.all(
    servers.map(async ({ pid }) => {
      const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ');
      return Number(fields[11]) + Number(fields[12]);
    }),
  );
  return ticks.reduce((sum, each) => sum + each, 0) / 100;
}

async function memoryMb(): Promise<number> {
  const sizes = await Promise.all(
    servers.map(async ({ pid }) => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) / 1024;
    }),
  );
  return sizes.reduce((sum, each) => sum + each, 0);
}
