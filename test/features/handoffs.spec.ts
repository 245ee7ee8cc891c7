import { expect, it } from 'vitest';
import { Conversations } from '../support/conversations.js';
import { TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

interface ShownInsight {
  readonly id: string;
  readonly reason: string;
  readonly occurrence_count: number;
  readonly [field: string]: unknown;
}

const server = TestServer.forSuite();

it('an org without handoffs has zeros', async () => {
  const { client } = await Conversations.of(server);
  expect((await client.get('/handoff-analytics').expect(200)).body).toEqual({
    summary: 'No session was handed to people.',
    total_handoffs: 0,
    total_sessions: 0,
    start_date: expect.any(String),
    end_date: expect.any(String),
    reasons: [],
    reason_combinations: [],
    sentiments: [],
    trends: [],
  });
});

it('handoffs are counted by reason, combination, sentiment and day', async () => {
  const here = await Conversations.of(server);
  const neighbour = await Conversations.of(server);
  await neighbour.handOff(await neighbour.start(), ['prohibited_topic']);
  await here.start();
  const tools = ['insufficient_tools'];
  const both = ['insufficient_tools', 'prohibited_topic'];
  const handed: string[] = [];
  for (const [index, reasons] of [tools, both, both.toReversed(), ['user_requested_human_assistance']].entries()) {
    const id = await here.start();
    if (index < 2) await server.database.pool.query(`UPDATE chat_sessions SET sentiment = 'angry' WHERE id = $1`, [id]);
    await here.handOff(id, reasons, { summary: `Summary ${index}` });
    handed.push(id);
  }
  const old = await here.start();
  await here.handOff(old, tools);
  await server.database.pool.query(
    `UPDATE handoffs SET created_at = '2026-01-05T23:59:59.999Z' WHERE session_id = $1`,
    [old],
  );
  const today = new Date().toISOString().slice(0, 10);
  const { body } = await here.client.get('/handoff-analytics').expect(200);
  expect(body).toMatchObject({
    summary: '4 sessions were handed to people, most often for: insufficient tools.',
    total_handoffs: 4,
    total_sessions: 6,
    reasons: [
      { reason: 'insufficient_tools', count: 3, percentage: 75 },
      { reason: 'prohibited_topic', count: 2, percentage: 50 },
      { reason: 'user_requested_human_assistance', count: 1, percentage: 25 },
    ],
    reason_combinations: [
      { reasons: both, session_count: 2, percentage: 50 },
      { reasons: tools, session_count: 1, percentage: 25 },
      { reasons: ['user_requested_human_assistance'], session_count: 1, percentage: 25 },
    ],
    sentiments: [{ sentiment: 'angry', count: 2, percentage: 50 }],
    trends: [{ date: today, count: 4 }],
  });
  const january = await here.client.get('/handoff-analytics?start_date=2026-01-05&end_date=2026-01-05').expect(200);
  expect(january.body).toMatchObject({
    summary: '1 session was handed to people, most often for: insufficient tools.',
    total_handoffs: 1,
    total_sessions: 0,
    start_date: '2026-01-05T00:00:00.000Z',
    end_date: '2026-01-05T23:59:59.999Z',
    reasons: [{ reason: 'insufficient_tools', count: 1, percentage: 100 }],
  });
  const untilThen = await here.client.get('/handoff-analytics?end_date=2026-02-01').expect(200);
  expect(untilThen.body).toMatchObject({ total_handoffs: 1, start_date: '2026-01-02T00:00:00.000Z' });
  const events = await here.items('/handoff-analytics/events?reason=prohibited_topic');
  expect(events).toEqual(
    [2, 1].map((index) => ({
      session_id: handed[index],
      summary: `Summary ${index}`,
      explanation: null,
      reasons: both,
      created_at: expect.any(String),
    })),
  );
  await here.client.get('/handoff-analytics?start_date=2026-02-01&end_date=2026-01-01').expect(400);
  await here.client.get('/handoff-analytics/events?reason=boredom').expect(400);
});

it('a percentage has one decimal', async () => {
  const here = await Conversations.of(server);
  for (const reason of ['prohibited_topic', 'prohibited_topic', 'insufficient_tools']) {
    await here.handOff(await here.start(), [reason]);
  }
  const { body } = await here.client.get('/handoff-analytics').expect(200);
  expect((body as { reasons: object[] }).reasons).toMatchObject([{ percentage: 66.7 }, { percentage: 33.3 }]);
});

it('a reason has one insight, which counts concurrent handoffs', async () => {
  const here = await Conversations.of(server);
  const reasons = ['prohibited_topic', 'insufficient_tools'];
  const sessions = await Promise.all(Array.from({ length: 10 }, () => here.start()));
  await Promise.all(sessions.map((id, index) => here.handOff(id, index % 2 ? reasons : reasons.toReversed())));
  await here.handOff(await here.start(), ['prohibited_topic'], { summary: 'The newest' });
  await here.handOff(await here.start(), ['prohibited_topic']);
  const found = await here.items<ShownInsight>('/insights?sort_by=occurrence_count');
  expect(found).toMatchObject([
    { reason: 'prohibited_topic', occurrence_count: 12, content: 'The newest' },
    { reason: 'insufficient_tools', occurrence_count: 10, content: null },
  ]);
  expect(found[0]).toMatchObject({
    sentiment: null,
    team: null,
    resolved_by: null,
    resolved_at: null,
    archived_by: null,
    archived_at: null,
    first_seen_at: expect.any(String),
    last_seen_at: expect.any(String),
  });
  const page = (await here.client.get('/insights?sort_by=occurrence_count&limit=1').expect(200)).body as {
    next: string;
  };
  expect(await here.items(`/insights?sort_by=occurrence_count&limit=1&cursor=${page.next}`)).toEqual([found[1]]);
  // A cursor is valid only for the order that it was issued for.
  await here.client.get(`/insights?cursor=${page.next}`).expect(400);
  expect(await here.items('/insights?min_sessions=11')).toEqual([found[0]]);
  expect(await here.items('/insights?search=NEWEST')).toEqual([found[0]]);
  expect(await here.items('/insights?search=100%25')).toEqual([]);
});

it('an insight can be resolved, archived, reopened, and assigned to a team of the org', async () => {
  const here = await Conversations.of(server);
  const neighbour = await Conversations.of(server);
  await here.handOff(await here.start(), ['prohibited_topic']);
  const [{ id }] = (await here.items<ShownInsight>('/insights')) as [ShownInsight];
  const post = (action: string, body: object = {}) => here.client.post(`/insights/${id}/${action}`).send(body);
  const withStatus = async (status: string) => (await here.items(`/insights?status=${status}`)).length;
  const resolved = (await post('resolve').expect(200)).body as object;
  expect(resolved).toMatchObject({ resolved_by: { name: expect.any(String), avatar_url: null } });
  expect([await withStatus('resolved'), await withStatus('unresolved')]).toEqual([1, 0]);
  const archived = (await post('archive', { reason: 'Known' }).expect(200)).body as object;
  expect(archived).toMatchObject({ archived_by: { reason: 'Known' }, archived_at: expect.any(String) });
  expect([await withStatus('archived'), await withStatus('resolved')]).toEqual([1, 0]);
  expect((await post('unresolve').expect(200)).body).toMatchObject({ resolved_at: null, archived_at: null });
  expect(await withStatus('unresolved')).toBe(1);
  const { id: team_id } = (await here.client.post('/teams').send({ name: 'Support' }).expect(201)).body as {
    id: string;
  };
  expect((await post('assign', { team_id }).expect(200)).body).toMatchObject({
    team: { id: team_id, name: 'Support' },
  });
  expect(await here.items(`/insights?team_id=${team_id}`)).toHaveLength(1);
  expect((await post('assign', { team_id: null }).expect(200)).body).toMatchObject({ team: null });
  const theirs = (await neighbour.client.post('/teams').send({ name: 'Theirs' })).body as { id: string };
  for (const unknown of [theirs.id, UNKNOWN_ID, 'x']) await post('assign', { team_id: unknown }).expect(404);
  await post('assign').expect(400);
  await post('assign', { team_id }).expect(200);
  await here.client.delete(`/teams/${team_id}`).expect(204);
  expect((await here.client.get(`/insights/${id}`).expect(200)).body).toMatchObject({ team: null });
  for (const action of ['resolve', 'unresolve', 'archive']) {
    await neighbour.client.post(`/insights/${id}/${action}`).send({}).expect(404);
  }
  await neighbour.client.get(`/insights/${id}`).expect(404);
});
