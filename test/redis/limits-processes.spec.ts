import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HttpClient } from '../support/http-client.js';
import { Installation, type OrgKey } from '../support/installation.js';
import { Load, random, scaled } from '../support/load.js';
import { OwnRedis } from '../support/own-redis.js';
import { report } from '../support/report.js';
import type { ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';
import { NO_OP, type ShownWorkflow, webhookPath } from '../support/workflows.js';

const LIMIT = 100;
/** The pause between requests of a client without a limit. */
const PAUSE_MS_MAX = 20;

let redis: OwnRedis;
let installation: Installation;
let servers: ServerProcess[];
let orgId: string;
beforeAll(async () => {
  redis = await OwnRedis.start();
  installation = await Installation.create();
  servers = await installation.startServers(3, { REDIS_URL: redis.url, LIMIT_WEBHOOK_PER_MINUTE: String(LIMIT) });
  orgId = await installation.newOrg(servers[0]!);
  await limitsAre('shared');
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.kill()));
  await redis.kill();
  await installation.close();
});

async function limitsAre(mode: 'shared' | 'alone'): Promise<void> {
  await Promise.all(servers.map((server) => server.is(mode, ({ rate_limits }) => rate_limits === mode)));
}

function newLimitedKey(): Promise<OrgKey> {
  return installation.newKey(servers[0]!, orgId, { rate_limit: { per_minute: LIMIT } });
}

/** Sends requests to all servers at once. Returns the number of answers by status. */
async function ask({ key }: OrgKey, count: number): Promise<Record<number, number>> {
  const client = new HttpClient(key);
  const asked = Array.from({ length: count }, (_, at) => client.ask(servers[at % 3]!.url, { path: '/whoami' }));
  const counts: Record<number, number> = {};
  for (const { status } of await Promise.all(asked)) counts[status] = (counts[status] ?? 0) + 1;
  client.close();
  return counts;
}

/** Requests without a limit, sent continuously while Redis fails. */
class Steady {
  readonly notServed: (number | string)[] = [];
  private slowestMs = 0;
  private requests = 0;
  private readonly client: HttpClient;
  private readonly load: Load;

  constructor({ key }: OrgKey) {
    this.client = new HttpClient(key);
    this.load = new Load(9, async () => {
      const startedAt = performance.now();
      const status = await this.client.ask(random(servers).url, { path: '/whoami' }).then(
        (answer) => answer.status,
        (error: Error) => error.message,
      );
      if (status !== 200) this.notServed.push(status);
      this.requests++;
      this.slowestMs = Math.max(this.slowestMs, performance.now() - startedAt);
      await sleep(Math.random() * PAUSE_MS_MAX);
    });
  }

  async waitForAnswers(): Promise<void> {
    const requests = this.requests;
    await until('a hundred more requests are answered', () => this.requests > requests + 100);
  }

  async stop(title: string): Promise<void> {
    await this.load.stop();
    this.client.close();
    report(title, { requests: this.requests, 'slowest ms': this.slowestMs });
  }
}

test('of 1,000 concurrent requests to three processes, exactly the limit passes', async () => {
  for (let round = 0; round < scaled(3); round++) {
    expect(await ask(await newLimitedKey(), 1_000)).toEqual({ 200: LIMIT, 429: 1_000 - LIMIT });
  }
});

test('a public webhook called from many addresses at three processes runs exactly as often as its limit', async () => {
  const client = new HttpClient((await installation.newKey(servers[0]!, orgId)).key);
  const send = async (path: string, body: object, headers = {}, at = 0) => {
    const answer = await client.ask(servers[at % 3]!.url, { method: 'POST', path, body, headers });
    return { status: answer.status, body: JSON.parse(answer.body) as ShownWorkflow };
  };
  const open = { trigger_configuration: { access_control: 'public' }, workflow_blocks: NO_OP };
  const { body: workflow } = await send('/workflows', { name: 'Open', trigger_type: 'webhook', ...open });
  await send(`/workflows/${workflow.workflow_id}/activate`, {});
  const calls = Array.from({ length: 3 * LIMIT }, (_, at) =>
    send(webhookPath(workflow), {}, { 'X-Forwarded-For': `2001:db8:0:${at.toString(16)}::1` }, at),
  );
  const statuses = (await Promise.all(calls)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 202)).toHaveLength(LIMIT);
  expect(statuses.filter((status) => status === 429)).toHaveLength(2 * LIMIT);
  client.close();
});

test('if Redis dies under load, each process limits alone, and shares again once Redis is back', async () => {
  const steady = new Steady(await installation.newKey(servers[0]!, orgId));
  const [during, afterwards] = [await newLimitedKey(), await newLimitedKey()];
  await redis.kill();
  await limitsAre('alone');
  await steady.waitForAnswers();
  expect(await ask(during, 600)).toEqual({ 200: 3 * LIMIT, 429: 600 - 3 * LIMIT });
  await redis.startAgain();
  await limitsAre('shared');
  expect(await ask(afterwards, 600)).toEqual({ 200: LIMIT, 429: 600 - LIMIT });
  await steady.stop('Redis killed');
  expect(steady.notServed).toEqual([]);
});

test('if Redis hangs, each process limits alone, and shares again once it answers', async () => {
  const steady = new Steady(await installation.newKey(servers[0]!, orgId));
  const [during, afterwards] = [await newLimitedKey(), await newLimitedKey()];
  redis.pause();
  await limitsAre('alone');
  await steady.waitForAnswers();
  expect(await ask(during, 600)).toEqual({ 200: 3 * LIMIT, 429: 600 - 3 * LIMIT });
  redis.resume();
  await limitsAre('shared');
  expect(await ask(afterwards, 600)).toEqual({ 200: LIMIT, 429: 600 - LIMIT });
  await steady.stop('Redis paused');
  expect(steady.notServed).toEqual([]);
});

test('the processes logged no error except the outage of Redis', () => {
  expect(servers.flatMap((server) => server.complaints)).toEqual([]);
});
