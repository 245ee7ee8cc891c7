import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KeyRing } from '../../src/core/encryption/key-ring.js';
import { SecretBox } from '../../src/core/encryption/secret-box.js';
import { SEALED_PLACES } from '../../src/core/encryption/sealed-columns.js';
import { gatehouse } from '../support/gatehouse.js';
import { HttpClient } from '../support/http-client.js';
import { Installation } from '../support/installation.js';
import type { ServerProcess, Settings } from '../support/server-process.js';
import { StubServer } from '../support/stub-server.js';
import { until } from '../support/until.js';

/** Few, because servers start eight times. */
const CALLERS = 2;
const CALLS_BETWEEN_RESTARTS = 8;

let installation: Installation;
let provider: StubServer;
const servers: Rolling[] = [];
beforeAll(async () => {
  installation = await Installation.create();
  provider = await StubServer.start();
  provider.answer = (_request, response) =>
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ companies: [] }));
  // Sequential, because concurrent starts slow each other down.
  servers.push(await Rolling.start());
  servers.push(await Rolling.start());
});
afterAll(async () => {
  await Promise.all(servers.map(({ process }) => process.kill()));
  await provider.close();
  await installation.close();
});

/** A server that receives no calls while it restarts, as behind a load balancer. */
class Rolling {
  #isIn = true;
  #underWay = 0;

  private constructor(public process: ServerProcess) {}

  static async start(): Promise<Rolling> {
    return new Rolling(await startServer({}));
  }

  get isIn(): boolean {
    return this.#isIn;
  }

  async use<T>(work: (url: string) => Promise<T>): Promise<T> {
    this.#underWay += 1;
    return work(this.process.url).finally(() => (this.#underWay -= 1));
  }

  async restart(settings: Settings): Promise<void> {
    this.#isIn = false;
    await until('the server has answered all', () => this.#underWay === 0);
    await this.process.stop();
    this.process = await startServer(settings);
    this.#isIn = true;
  }
}

function startServer(settings: Settings): Promise<ServerProcess> {
  return installation.startServer({
    OUTBOUND_ALLOWED_HOSTS: `127.0.0.1:${provider.port}`,
    INTEGRATION_BASE_URLS: `fareharbor=${provider.url}`,
    ...settings,
  });
}

/** Continuous calls that encrypt and decrypt. Records failures and repeated answers that differ from the first. */
class Traffic {
  readonly wrong: string[] = [];
  calls = 0;
  #isOver = false;
  readonly #first = new Map<string, string>();
  readonly #callers: Promise<void>[];

  constructor() {
    this.#callers = Array.from({ length: CALLERS }, (_, at) => this.#call(at));
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#callers);
  }

  async #call(at: number): Promise<void> {
    const keys: string[] = [];
    for (let turn = at; !this.#isOver; turn++) {
      const inUse = servers.filter(({ isIn }) => isIn);
      const server = inUse[turn % inUse.length]!;
      // A new key or an earlier one: what one process encrypted, another must decrypt.
      const key = turn % 2 || keys.length === 0 ? randomUUID() : keys[Math.floor(Math.random() * keys.length)]!;
      keys.push(key);
      await server.use((url) => this.#makeOrg(url, key)).catch((error: unknown) => void this.wrong.push(String(error)));
    }
  }

  async #makeOrg(url: string, key: string): Promise<void> {
    const integrations = { fareharbor: { app_key: randomUUID(), user_key: randomUUID() } };
    const request = { method: 'POST', path: '/partner/v1/orgs', headers: { 'Idempotency-Key': key } };
    const isNew = !this.#first.has(key);
    const made = await installation.partner.ask(url, { ...request, body: { name: key } });
    this.#record(key, made, 201);
    const { id } = JSON.parse(made.body) as { id: string };
    const keyed = await installation.partner.ask(url, {
      method: 'POST',
      path: `/partner/v1/orgs/${id}/api-keys`,
      body: {},
    });
    this.#record(undefined, keyed, 201);
    if (isNew) {
      const connected = { ...request, headers: {}, body: { name: 'Connected', integrations } };
      this.#record(undefined, await installation.partner.ask(url, connected), 201);
      const client = new HttpClient((JSON.parse(keyed.body) as { api_key: string }).api_key);
      const trunk = { method: 'POST', path: '/phone/sip/inbound-trunk', body: {} };
      this.#record(undefined, await client.ask(url, trunk), 201);
      const domain = { method: 'PUT', path: '/email/domains', body: { domain_name: 'acme.example' } };
      this.#record(undefined, await client.ask(url, domain), 200);
      const webhook = { url: 'https://hooks.acme.example/', events: ['csat.score_submitted'] };
      this.#record(undefined, await client.ask(url, { method: 'POST', path: '/webhooks', body: webhook }), 201);
      client.close();
    }
  }

  #record(repeated: string | undefined, { status, body }: { status: number; body: string }, expected: number): void {
    this.calls += 1;
    const first = (repeated !== undefined && this.#first.get(repeated)) || body;
    if (repeated !== undefined) this.#first.set(repeated, first);
    if (status !== expected || body !== first) this.wrong.push(`${status} ${body}`);
  }
}

test('ENCRYPTION_KEY rotates while two processes serve: no call fails, and the old key can be removed', async () => {
  const oldKey = installation.settings['ENCRYPTION_KEY']!;
  const nextKey = randomBytes(32).toString('base64');
  const traffic = new Traffic();
  const more = async () => {
    const enough = traffic.calls + CALLS_BETWEEN_RESTARTS;
    await until('more calls', () => traffic.calls >= enough);
  };
  const restartEach = async (settings: Settings) => {
    for (const server of servers) {
      await server.restart(settings);
      await more();
    }
  };
  await more();
  await restartEach({ ENCRYPTION_KEYS_OLD: nextKey });
  const rotating = { ENCRYPTION_KEY: nextKey, ENCRYPTION_KEYS_OLD: oldKey };
  await restartEach(rotating);
  const settings = { ...installation.settings, LOG_LEVEL: 'silent', ...rotating };
  // Rows that are locked by a call are left for the next run.
  await until('nothing is left under the old key', async () => {
    const { code, stdout } = await gatehouse(settings, 'encryption', 'rotate', '--json');
    const { tables } = JSON.parse(stdout) as { tables: { left: number; unopened: number }[] };
    expect(tables.filter(({ unopened }) => unopened > 0)).toEqual([]);
    return code === 0;
  });
  await restartEach({ ENCRYPTION_KEY: nextKey });
  await traffic.end();
  expect(traffic.wrong).toEqual([]);
  expect(servers.flatMap(({ process }) => process.complaints)).toEqual([]);

  const box = new SecretBox(KeyRing.of(Buffer.from(nextKey, 'base64')));
  for (const { table, column, primaryKey, purposeOf } of SEALED_PLACES) {
    const { rows } = await installation.database.query(
      `SELECT ${primaryKey.join(', ')}, ${column} AS sealed FROM ${table} WHERE ${column} IS NOT NULL`,
    );
    expect({ table, unopened: rows.filter((row) => box.tryOpen(row.sealed, purposeOf(row)) === undefined) }).toEqual({
      table,
      unopened: [],
    });
    const isFilled =
      !['action_credentials', 'key_imports', 'sip_outbound_trunks'].includes(table) && column !== 'previous_secret';
    if (isFilled) expect({ table, count: rows.length }).not.toEqual({ table, count: 0 });
  }
});
