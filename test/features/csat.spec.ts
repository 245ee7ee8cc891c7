import { beforeAll, expect, it } from 'vitest';
import { DomainEventBus } from '../../src/kit/domain-events/domain-event-bus.js';
import { Conversations } from '../support/conversations.js';
import { TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const server = TestServer.forSuite();
let ours: Conversations;
let neighbour: Conversations;
const told: string[] = [];

beforeAll(async () => {
  server.app.get(DomainEventBus).listen('csat.score_submitted', async (_, { sessionId }) => void told.push(sessionId));
  ours = await Conversations.of(server);
  neighbour = await Conversations.of(server);
});

async function closedSession(channel = 'web', of = ours): Promise<string> {
  const id = await of.start({ channel: { type: channel } });
  await of.setStatus(id, 'closed_resolved');
  return id;
}
const submit = (session_id: string, score: number, fields: object = {}) =>
  ours.client.post('/csat/scores').send({ session_id, score, ...fields });

it('a session is scored once it is closed; a second score replaces the first', async () => {
  const open = await ours.start();
  expect((await submit(open, 5).expect(409)).body).toEqual({
    statusCode: 409,
    message: 'The session is still open. Only a closed session can be scored.',
    code: 'session_open',
  });
  const id = await closedSession();
  const { body } = await submit(id, 2, { comment: 'Slow' }).expect(201);
  expect(body).toEqual({
    id: expect.any(String),
    org_id: ours.org.id,
    session_id: id,
    score: 2,
    comment: 'Slow',
    channel: 'web',
    contact: null,
    created_at: expect.any(String),
    updated_at: expect.any(String),
  });
  const again = (await submit(id, 4).expect(200)).body as object;
  expect(again).toMatchObject({ id: (body as { id: string }).id, score: 4, comment: null });
  expect((await ours.client.get(`/csat/scores/session/${id}`).expect(200)).body).toEqual(again);
  expect(told.filter((sessionId) => sessionId === id)).toHaveLength(2);
  expect((await ours.history(id)).map(({ event }) => event.type)).toEqual([
    'csat_submitted',
    'csat_submitted',
    'closed_resolved_by_api',
  ]);
});

it('concurrent scores of one session create one score, which the others replace', async () => {
  const id = await closedSession();
  const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => submit(id, 1 + (index % 5))));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array<number>(7).fill(200), 201]);
});

it('the score of a session is null without one, and 404 for another org', async () => {
  const id = await closedSession();
  expect((await ours.client.get(`/csat/scores/session/${id}`).expect(200)).text).toBe('null');
  for (const unknown of [UNKNOWN_ID, 'x', await closedSession('web', neighbour)]) {
    expect((await ours.client.get(`/csat/scores/session/${unknown}`).expect(404)).body).toMatchObject({
      message: 'Chat session not found',
    });
    await submit(unknown, 3).expect(404);
  }
  for (const score of [0, 6, 1.5, '3', null]) await submit(id, score as number).expect(400);
});

it('scores can be filtered by channel, score and date, with a summary', async () => {
  const here = await Conversations.of(server);
  const empty = { count: 0, average: null, distribution: { '1': 0, '2': 0, '3': 0, '4': 0, '5': 0 } };
  expect((await here.client.get('/csat/summary').expect(200)).body).toEqual(empty);
  const ages = [0, 0, 10, 40];
  for (const [index, [channel, score]] of [
    ['web', 5],
    ['sms', 4],
    ['web', 2],
    ['web', 1],
  ].entries()) {
    const session_id = await closedSession(channel as string, here);
    await here.client.post('/csat/scores').send({ session_id, score }).expect(201);
    await server.database.pool.query(
      'UPDATE csat_scores SET created_at = created_at - make_interval(days => $2) WHERE session_id = $1',
      [session_id, ages[index]],
    );
  }
  const scores = async (query: string) => (await here.items(`/csat/scores?${query}`)).map(({ score }) => score);
  const day = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);
  expect(await scores('')).toEqual([1, 2, 4, 5]);
  expect(await scores('channel=web&min_score=2')).toEqual([2, 5]);
  expect(await scores('max_score=2')).toEqual([1, 2]);
  expect(await scores(`start_date=${day(10)}&end_date=${day(10)}`)).toEqual([2]);
  const summary = async (query: string) => (await here.client.get(`/csat/summary?${query}`).expect(200)).body as object;
  expect(await summary('')).toEqual({
    count: 3,
    average: 3.67,
    distribution: { '1': 0, '2': 1, '3': 0, '4': 1, '5': 1 },
  });
  expect(await summary(`channel=web&start_date=${day(50)}`)).toMatchObject({ count: 3, average: 2.67 });
  expect(await summary('start_date=2020-01-01&end_date=2020-02-01')).toEqual(empty);
  expect(await summary(`end_date=${day(12)}`)).toMatchObject({ count: 1, average: 1 });
  await here.client.get(`/csat/summary?start_date=${day(1)}&end_date=${day(2)}`).expect(400);
  await here.client.get('/csat/summary?start_date=yesterday').expect(400);
  await here.client.get('/csat/summary?end_date=2026-02-30').expect(400);
});

it('settings are disabled by default, and replaced as a whole', async () => {
  const { client } = ours;
  expect((await client.get('/csat/settings').expect(200)).body).toEqual({
    auto_send: false,
    delay_minutes: 0,
    channels: {},
  });
  const settings = { auto_send: true, delay_minutes: 15, channels: { web: true, sms: false } };
  expect((await client.put('/csat/settings').send(settings).expect(200)).body).toEqual(settings);
  expect((await client.get('/csat/settings').expect(200)).body).toEqual(settings);
  expect((await neighbour.client.get('/csat/settings').expect(200)).body).toMatchObject({ auto_send: false });
  for (const wrong of [
    { delay_minutes: 10 },
    { channels: { fax: true } },
    { channels: { web: 1 } },
    { auto_send: null },
  ]) {
    await client
      .put('/csat/settings')
      .send({ ...settings, ...wrong })
      .expect(400);
  }
});
