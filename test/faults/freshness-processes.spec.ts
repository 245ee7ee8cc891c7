import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FreezableProxy } from '../support/freezable-proxy.js';
import { Installation } from '../support/installation.js';
import { percentile, random, scaled } from '../support/load.js';
import { OwnPostgres } from '../support/own-postgres.js';
import { report } from '../support/report.js';
import { Revocations } from '../support/revocations.js';
import type { ServerProcess } from '../support/server-process.js';
import { SlowProxy } from '../support/slow-proxy.js';

const PROCESSES = 3;
/** What reads a credential, and how late its answer is at most: later than most revocations take to get around. */
const FILL = 'key-by-digest';
const FILL_SLOWEST_MS = 200;
const TRUST_MS = 1_800;
const KEYS_PER_ORG = 24;
const KEYS_PER_FAULT = scaled(60);
/** Keys that are revoked when a fault is over, and before. */
const AFTERWARDS = 4;

let postgres: OwnPostgres;
let installation: Installation;
beforeAll(async () => {
  postgres = await OwnPostgres.start();
  installation = await Installation.on(postgres.url);
});
afterAll(async () => {
  await installation.close();
  await postgres.remove();
});

/** Three servers, each with a lease connection that a test can freeze. */
class Trio {
  readonly proxies: FreezableProxy[] = [];
  readonly servers: ServerProcess[] = [];

  constructor(private readonly poolUrl: string) {}

  async start(): Promise<void> {
    for (let process = 0; process < PROCESSES; process++) this.proxies.push(await FreezableProxy.start(postgres.url));
    this.servers.push(...(await Promise.all(this.proxies.map((proxy) => this.startBehind(proxy)))));
  }

  startBehind(proxy: FreezableProxy): Promise<ServerProcess> {
    return installation.startServer({ DATABASE_URL: this.poolUrl, DATABASE_DIRECT_URL: proxy.url });
  }

  async stop(): Promise<void> {
    for (const proxy of this.proxies) proxy.thaw();
    await Promise.all(this.servers.map((server) => server.kill()));
    await Promise.all(this.proxies.map((proxy) => proxy.stop()));
  }

  /** In the middle of something, if one is at work. */
  async killAndReplace(at: number): Promise<void> {
    await this.servers[at]!.kill();
    this.servers[at] = await this.startBehind(this.proxies[at]!);
  }
}

function expectNobodyLetIn(title: string, { figures }: Revocations): void {
  const { callMs, calls, keys, calledAgain, requests, startedAfterAnswer, letIn, unexpected } = figures;
  report(title, {
    calls,
    keys,
    again: calledAgain,
    p50: percentile(callMs, 50),
    p99: percentile(callMs, 99),
    max: Math.max(...callMs),
    requests,
    'started after an answer': startedAfterAnswer,
    'let in': letIn.length,
  });
  expect(letIn).toEqual([]);
  expect(unexpected).toEqual([]);
  expect(startedAfterAnswer).toBeGreaterThan(keys);
}

describe('three processes under load: no request that started after a revocation was answered is let in', () => {
  let trio: Trio;
  beforeAll(async () => {
    trio = new Trio(postgres.url);
    await trio.start();
  });
  afterAll(() => trio.stop());

  test.for([1, 4])('revoking %i at a time through random processes', { timeout: 600_000 }, async (atOnce) => {
    const keys = await installation.storeKeys(await installation.newOrg(trio.servers[0]!), scaled(50));
    const race = new Revocations(installation, trio.servers);
    race.startLoad();
    await race.revokeKeys(keys, atOnce);
    await race.settle();
    expectNobodyLetIn(`${atOnce} at a time`, race);
    expect(trio.servers.flatMap((server) => server.complaints)).toEqual([]);
  });
});

describe('the same while reads of credentials take longer, so that revocations overtake them', () => {
  let slow: SlowProxy;
  let trio: Trio;
  beforeAll(async () => {
    slow = await SlowProxy.start(postgres.url, FILL, FILL_SLOWEST_MS);
    trio = new Trio(slow.url);
    await trio.start();
  });
  afterAll(async () => {
    await trio.stop();
    await slow.stop();
  });

  /** Revocations go on until the fault is over, and a little longer. */
  async function revokeDuring(title: string, fault: () => Promise<void>): Promise<void> {
    const keys = await installation.storeKeys(await installation.newOrg(trio.servers[0]!), KEYS_PER_FAULT);
    const race = new Revocations(installation, trio.servers);
    race.startLoad();
    await race.revokeKeys(keys.splice(0, AFTERWARDS), 4);
    let isOver = false;
    const faulty = fault().finally(() => (isOver = true));
    while (!isOver)
      await Promise.all([race.revokeKeys(keys.splice(0, keys.length > AFTERWARDS ? 4 : 0), 4), sleep(50)]);
    await faulty;
    await race.revokeKeys(keys.splice(0, AFTERWARDS), 4);
    await race.settle();
    expectNobodyLetIn(title, race);
    for (const server of trio.servers) await server.is('trusted', ({ cache }) => cache.mode === 'trusted');
    expect(trio.servers.flatMap((server) => server.complaints)).toEqual([]);
  }

  test('without any fault, all keys of an org ending at once', { timeout: 600_000 }, async () => {
    const race = new Revocations(installation, trio.servers);
    race.startLoad();
    for (let org = 0; org < scaled(6); org++) {
      const orgId = await installation.newOrg(random(trio.servers));
      await race.archiveOrg(orgId, await installation.storeKeys(orgId, KEYS_PER_ORG));
    }
    await race.settle();
    expectNobodyLetIn('whole orgs', race);
    expect(slow.heldBack).toBeGreaterThanOrEqual(race.figures.keys);
  });

  test('a process is stopped for longer than its lease, and goes on', () =>
    revokeDuring('SIGSTOP', async () => {
      const server = random(trio.servers);
      await sleep(200);
      server.pause();
      await sleep(2_600);
      server.resume();
    }));

  test('a process is stopped for a moment, again and again', () =>
    revokeDuring('SIGSTOP, short', async () => {
      for (let time = 0; time < scaled(4); time++) {
        const server = random(trio.servers);
        server.pause();
        await sleep(200 + Math.random() * 1_000);
        server.resume();
      }
    }));

  test('a lease connection freezes, both ways', () =>
    revokeDuring('frozen', async () => {
      const proxy = random(trio.proxies);
      proxy.freeze();
      await sleep(3_000);
      proxy.thaw();
    }));

  test('a lease connection freezes one way, and a late packet still comes through', () =>
    revokeDuring('frozen one way', async () => {
      for (const direction of ['toServer', 'toClient'] as const) {
        const proxy = random(trio.proxies);
        proxy.freeze(direction);
        await sleep(1_200);
        await proxy.letOnePacketThrough(direction);
        await sleep(1_200);
        proxy.thaw();
      }
    }));

  test('all lease connections freeze', () =>
    revokeDuring('all frozen', async () => {
      for (const proxy of trio.proxies) proxy.freeze();
      await sleep(2_500);
      for (const proxy of trio.proxies) proxy.thaw();
    }));

  test('lease connections are cut, and their backends terminated', () =>
    revokeDuring('cut', async () => {
      for (let time = 0; time < scaled(6); time++) {
        await sleep(150);
        if (time % 2 === 0) random(trio.proxies).cut();
        else
          await postgres.query(
            `select pg_terminate_backend(pid) from pg_stat_activity
             where application_name = 'gatehouse lease' order by random() limit 1`,
          );
      }
    }));

  test('the process that makes the change is killed', { timeout: 600_000 }, () =>
    revokeDuring('kill -9', async () => {
      for (let time = 0; time < scaled(2); time++) {
        await sleep(100 + Math.random() * 50);
        await trio.killAndReplace(time % PROCESSES);
      }
    }),
  );

  test.for(['fast', 'immediate'] as const)('the database restarts (%s)', (mode) =>
    revokeDuring(`restart, ${mode}`, async () => {
      await sleep(200);
      await postgres.stop(mode);
      await sleep(300);
      await postgres.startAgain();
    }),
  );

  test('a change by plain SQL is in force after 1.8 s, also where a process hears nothing', async () => {
    const [key] = await installation.storeKeys(await installation.newOrg(trio.servers[0]!), 1);
    const ask = async () => {
      const answers = trio.servers.map(({ url }) => fetch(`${url}/whoami`, { headers: bearer(key!.key) }));
      return (await Promise.all(answers)).map(({ status }) => status);
    };
    expect(await ask()).toEqual([200, 200, 200]);
    trio.proxies[0]!.freeze('toClient');
    await postgres.query('update api_keys set revoked_at = now() where id = $1', [key!.id]);
    await sleep(TRUST_MS);
    expect(await ask()).toEqual([401, 401, 401]);
    trio.proxies[0]!.thaw();
  });
});

function bearer(key: string) {
  return { Authorization: `Bearer ${key}` };
}
