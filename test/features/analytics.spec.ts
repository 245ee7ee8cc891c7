import { expect, it } from 'vitest';
import { KeyActivityJob } from '../../src/insight/health/key-activity.job.js';
import { Conversations } from '../support/conversations.js';
import { KeyUses } from '../support/key-uses.js';
import { TestServer } from '../support/start-app.js';
import { newAgent } from '../support/stored-keys.js';

const server = TestServer.forSuite();

const PERIOD = 'from=2025-03-01&to=2025-03-31';
const NOTHING = {
  period: { from: '2025-03-01T00:00:00.000Z', to: '2025-03-31T23:59:59.999Z' },
  calls: { total: 0, answered: 0, missed: 0 },
  leads: { captured: 0, qualified: 0, converted: 0 },
  messages: { sent: 0, received: 0 },
  sessions: { opened: 0, closed: 0, handed_off: 0 },
  avg_response_time_seconds: null,
};

const overviewOf = async ({ client }: Conversations, query = PERIOD) =>
  (await client.get(`/analytics/overview?${query}`).expect(200)).body as object;

/** Moves a row into the period of the report. */
async function date(table: string, column: string, id: string, at: string): Promise<void> {
  await server.database.query(`UPDATE ${table} SET ${column} = $2 WHERE id = $1`, [id, at]);
}

it('the overview counts calls by start time and leads by creation time', async () => {
  const ours = await Conversations.of(server);
  expect(await overviewOf(ours)).toEqual(NOTHING);
  const agent_id = await newAgent(server, ours.org.id);
  const call = (status: string, started_at: string) =>
    ours.client
      .post('/calls')
      .send({ agent_id, direction: 'inbound', caller: '+4930123456', status, started_at })
      .expect(201);
  await call('answered', '2025-03-01T00:00:00Z');
  await call('missed', '2025-03-31T23:59:59.999Z');
  await call('voicemail', '2025-03-15T12:00:00Z');
  await call('answered', '2025-02-28T23:59:59.999Z');
  await call('answered', '2025-04-01T00:00:00Z');
  for (const [status, at] of [
    ['new', '2025-03-02T00:00:00Z'],
    ['qualified', '2025-03-03T00:00:00Z'],
    ['converted', '2025-03-04T00:00:00Z'],
    ['converted', '2025-04-04T00:00:00Z'],
  ] as const) {
    const { body } = await ours.client.post('/leads').send({ name: 'Sam', phone: '+4930123456', status }).expect(201);
    await date('leads', 'created_at', (body as { id: string }).id, at);
  }
  expect(await overviewOf(ours)).toEqual({
    ...NOTHING,
    calls: { total: 3, answered: 1, missed: 1 },
    leads: { captured: 3, qualified: 1, converted: 1 },
  });
  expect(await overviewOf(await Conversations.of(server))).toEqual(NOTHING);
});

it('the overview counts sessions and messages, and the time to the first reply after a question', async () => {
  const ours = await Conversations.of(server);
  const session = await ours.start();
  await date('chat_sessions', 'created_at', session, '2025-03-10T09:00:00Z');
  await ours.handOff(session, ['user_requested_human_assistance']);
  const said = ['contact', 'contact', 'agent', 'agent', 'contact', 'agent', 'contact'] as const;
  for (const sender of said) await ours.send(session, sender);
  await ours.setStatus(session, 'closed_resolved');
  await server.database.query(`UPDATE handoffs SET created_at = '2025-03-10T09:05:00Z' WHERE session_id = $1`, [
    session,
  ]);
  await date('chat_sessions', 'closed_at', session, '2025-04-02T00:00:00Z');
  // Asked at 0 and 10 s, replied at 30 and 40 s; asked at the end of March, replied 90 s later in April.
  const times = ['10T10:00:00Z', '10T10:00:10Z', '10T10:00:30Z', '10T10:00:40Z', '31T23:59:00Z'].map(
    (time) => `2025-03-${time}`,
  );
  const messages = (await ours.history(session)).filter(({ event }) => event.type === 'message').toReversed();
  for (const [index, at] of [...times, '2025-04-01T00:00:30Z', '2025-04-01T00:01:00Z'].entries()) {
    await date('chat_events', 'created_at', messages[index]!.id, at);
  }
  const unanswered = await ours.start();
  await ours.send(unanswered, 'contact');

  expect(await overviewOf(ours)).toEqual({
    ...NOTHING,
    messages: { sent: 2, received: 3 },
    sessions: { opened: 1, closed: 0, handed_off: 1 },
    avg_response_time_seconds: 60,
  });
  expect(await overviewOf(ours, 'from=2025-04-01&to=2025-04-30')).toMatchObject({
    messages: { sent: 1, received: 1 },
    sessions: { opened: 0, closed: 1, handed_off: 0 },
    avg_response_time_seconds: null,
  });
});

it.each([
  ['', 'from is required'],
  ['from=2025-03-01', 'to is required'],
  ['from=2025-03-02&to=2025-03-01', 'to must not be before from'],
  ['from=2025-03-01T12:00:00Z&to=2025-03-01T11:59:59Z', 'to must not be before from'],
  ['from=2025-01-01&to=2026-01-03', 'to must be at most 366 days after from'],
  ['from=2025-02-30&to=2025-03-01', 'from must be a date'],
])('the overview of "%s" is refused', async (query, message) => {
  const { client } = await Conversations.of(server);
  const { body } = await client.get(`/analytics/overview?${query}`).expect(400);
  expect((body as { message: string }).message).toContain(message);
});

it('the overview accepts 1 to 366 days', async () => {
  const ours = await Conversations.of(server);
  expect(await overviewOf(ours, 'from=2025-03-01&to=2025-03-01')).toMatchObject({
    period: { from: '2025-03-01T00:00:00.000Z', to: '2025-03-01T23:59:59.999Z' },
  });
  await overviewOf(ours, 'from=2025-01-01&to=2026-01-02');
});

it('the usage of the month counts all requests of all keys of the org, including this one', async () => {
  const ours = await Conversations.of(server);
  const other = await server.newClient(ours.org);
  await other.get('/tags').expect(200);
  const agent_id = await newAgent(server, ours.org.id);
  const call = { agent_id, direction: 'inbound', caller: '+4930123456' };
  await ours.client
    .post('/calls')
    .send({ ...call, duration_seconds: 90 })
    .expect(201);
  await ours.client
    .post('/calls')
    .send({ ...call, duration_seconds: 30, status: 'missed' })
    .expect(201);
  await ours.client
    .post('/calls')
    .send({ ...call, duration_seconds: 60, started_at: '2020-01-01T00:00:00Z' })
    .expect(201);
  const session = await ours.start();
  await ours.send(session, 'contact');
  await ours.send(session, 'agent');
  const { body } = await ours.client.get('/analytics/usage').expect(200);
  const now = new Date();
  const month = (ahead: number) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead));
  expect(body).toEqual({
    period: { from: month(0).toISOString(), to: new Date(month(1).getTime() - 1).toISOString() },
    api_calls: 8,
    call_minutes: 2,
    messages_sent: 1,
  });
  const elsewhere = await Conversations.of(server);
  expect((await elsewhere.client.get('/analytics/usage').expect(200)).body).toMatchObject({
    api_calls: 1,
    call_minutes: 0,
    messages_sent: 0,
  });
});

it('the usage of the month is the same before and after the hourly job, and includes later requests', async () => {
  const ours = await Conversations.of(server);
  const uses = new KeyUses(server);
  const { id } = await server.newOrgKey(ours.org);
  const run = () => server.app.get(KeyActivityJob).run();
  // Each look is a request, too.
  let looks = 0;
  const callsOf = async () => {
    const { body } = await ours.client.get('/analytics/usage').expect(200);
    return (body as { api_calls: number }).api_calls - ++looks;
  };
  const now = new Date();
  const hoursOfMonth = Math.floor((now.getTime() - Date.UTC(now.getUTCFullYear(), now.getUTCMonth())) / 3_600_000);
  await uses.add(id, { hoursAgo: hoursOfMonth + 2, requests: 1_000 });
  await uses.add(id, { hoursAgo: hoursOfMonth, requests: 30, refused: 7 });
  expect(await callsOf()).toBe(30);
  await run();
  expect(await callsOf()).toBe(30);
  await uses.add(id, { requests: 4 });
  expect(await callsOf()).toBe(34);
  await run();
  expect(await callsOf()).toBe(34);
  // As in a new month, and as after a job of the release before.
  for (const monthUntil of [`'2025-02-28T23:00:00Z'`, 'NULL']) {
    await server.database.query(
      `UPDATE key_activity SET month_until = ${monthUntil}, requests_of_month = 500 WHERE key_id = $1`,
      [id],
    );
    expect(await callsOf()).toBe(34);
  }
});
