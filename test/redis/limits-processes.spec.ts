import { afterAll, beforeAll, expect, test } from 'vitest';
import { HttpClient } from '../support/http-client.js';
import { LimitedServers } from '../support/limited-servers.js';
import { scaled } from '../support/load.js';
import { OwnRedis } from '../support/own-redis.js';
import { NO_OP, type ShownWorkflow, webhookPath } from '../support/workflows.js';

const LIMIT = 100;

let redis: OwnRedis;
let limited: LimitedServers;
beforeAll(async () => {
  redis = await OwnRedis.start();
  limited = await LimitedServers.start({ REDIS_URL: redis.url, LIMIT_WEBHOOK_PER_MINUTE: String(LIMIT) });
});
afterAll(async () => {
  await limited.close();
  await redis.close();
});

test('of 1,000 concurrent requests to three processes, exactly the limit passes', async () => {
  for (let round = 0; round < scaled(3); round++) {
    expect(await limited.ask(await limited.newKey(LIMIT), 1_000)).toEqual({ 200: LIMIT, 429: 1_000 - LIMIT });
  }
});

test('a public webhook called from many addresses at three processes runs exactly as often as its limit', async () => {
  const client = new HttpClient((await limited.newKey()).key);
  const send = async (path: string, body: object, headers = {}, at = 0) => {
    const answer = await client.ask(limited.servers[at % 3]!.url, { method: 'POST', path, body, headers });
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
  const steady = limited.steady(await limited.newKey());
  const [during, afterwards] = [await limited.newKey(LIMIT), await limited.newKey(LIMIT)];
  await redis.kill();
  await limited.are('alone');
  await steady.waitForAnswers();
  expect(await limited.ask(during, 600)).toEqual({ 200: 3 * LIMIT, 429: 600 - 3 * LIMIT });
  await redis.startAgain();
  await limited.are('shared');
  expect(await limited.ask(afterwards, 600)).toEqual({ 200: LIMIT, 429: 600 - LIMIT });
  await steady.stop('Redis killed');
  expect(Object.keys(steady.answers)).toEqual(['200']);
});

test('if Redis hangs, each process limits alone, and shares again once it answers', async () => {
  const steady = limited.steady(await limited.newKey());
  const [during, afterwards] = [await limited.newKey(LIMIT), await limited.newKey(LIMIT)];
  redis.pause();
  await limited.are('alone');
  await steady.waitForAnswers();
  expect(await limited.ask(during, 600)).toEqual({ 200: 3 * LIMIT, 429: 600 - 3 * LIMIT });
  redis.resume();
  await limited.are('shared');
  expect(await limited.ask(afterwards, 600)).toEqual({ 200: LIMIT, 429: 600 - LIMIT });
  await steady.stop('Redis paused');
  expect(Object.keys(steady.answers)).toEqual(['200']);
});

test('the processes logged no error except the outage of Redis', () => {
  expect(limited.servers.flatMap((server) => server.complaints)).toEqual([]);
});
