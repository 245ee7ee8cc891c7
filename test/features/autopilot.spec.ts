import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { JOB_SCHEMA } from '../../src/core/database/job-tables.js';
import { Conversations } from '../support/conversations.js';
import { ModelStub } from '../support/model-stub.js';
import { TestServer } from '../support/start-app.js';
import { until } from '../support/until.js';

const QUESTION = 'How heavy may a suitcase be?';

interface Reply {
  readonly code?: string;
  readonly session_is_handed_off: boolean;
  readonly autopilot_response?: { type: string; value: { error: string | null; content: string | null }; id?: string };
}

let server: TestServer;
let model: ModelStub;
let here: Conversations;
beforeAll(async () => {
  model = await ModelStub.start();
  server = await TestServer.start({ LLM_BASE_URL: model.url, LLM_MODEL: 'test' });
});
afterAll(() => Promise.all([server.close(), model.stop()]));
beforeEach(async () => {
  here = await Conversations.of(server);
  model.asked.length = 0;
  model.answers = [{ topic: null, answer: 'Up to 23 kg.' }];
});
// A review of a closed session would take an answer of the next test.
afterEach(() =>
  until('no review is left', async () => {
    const reviews = `${JOB_SCHEMA}.job WHERE name = 'session-review'`;
    await server.database.query(`DELETE FROM ${reviews} AND state < 'active'`);
    return (await server.database.query(`SELECT id FROM ${reviews} AND state = 'active'`)).rows.length === 0;
  }),
);

const set = (fields: object, channel = 'web') =>
  here.client.patch(`/autopilot/channels/${channel}`).send(fields).expect(200);
const topic = (text: string, mode = 'handoff') =>
  here.client.post('/autopilot/topics').send({ topic: text, mode }).expect(201);
const start = (fields: object = {}) => here.start({ channel: { type: 'web' }, ...fields });
const ask = async (id: string, fields: object = {}) => {
  const message = { type: 'text', text: QUESTION };
  return ((await here.send(id, 'contact', { message, ...fields })).body as { data: Reply }).data;
};
const said = async (id: string) =>
  (await here.history(id))
    .map(
      ({ event }) => `${event.type} ${(event as { sender?: { type: string } }).sender?.type}: ${event.content?.text}`,
    )
    .reverse();

it('channels are disabled by default, and enabled one by one', async () => {
  const { body } = await here.client.get('/autopilot').expect(200);
  const { channels, topics } = body as { channels: Record<string, object>; topics: object[] };
  expect(topics).toEqual([]);
  expect(Object.keys(channels)).toHaveLength(10);
  expect(channels['sms']).toEqual({ enabled: false, assist_enabled: false, activated_by: null, updated_at: null });
  const changed = (await set({ enabled: true }, 'sms')).body as object;
  expect(changed).toEqual({
    enabled: true,
    assist_enabled: false,
    activated_by: expect.any(Object),
    updated_at: expect.any(String),
  });
  expect((await set({ assist_enabled: true }, 'sms')).body).toMatchObject({ enabled: true, assist_enabled: true });
  await here.client.patch('/autopilot/channels/fax').send({ enabled: true }).expect(400);
  await here.client.patch('/autopilot/channels/sms').send({}).expect(400);
  await here.client.patch('/autopilot/channels/sms').send({ enabled: null }).expect(400);
});

it('topics that differ only in case are the same topic', async () => {
  const { body } = await topic('Refunds');
  expect(body).toEqual({
    id: expect.any(String),
    created_by: { type: 'api_key', id: expect.any(String), name: 'Default' },
    topic: 'Refunds',
    mode: 'handoff',
    created_at: expect.any(String),
    updated_at: expect.any(String),
  });
  const again = { topic: 'reFUNDS', mode: 'no_assist' };
  await here.client.post('/autopilot/topics').send(again).expect(409);
  expect(await here.items('/autopilot/topics')).toEqual([body]);
  await here.client.delete(`/autopilot/topics/${(body as { id: string }).id}`).expect(204);
  await here.client.post('/autopilot/topics').send(again).expect(201);
});

it('the autopilot answers known questions, in the history too, and once per Idempotency-Key', async () => {
  await here.client.post('/training').send({ title: 'Baggage', content: 'A suitcase may weigh 23 kg.' }).expect(201);
  await here.client
    .post('/training')
    .send({ title: 'Baggage draft', content: 'A suitcase may weigh 99 kg.', is_draft: true });
  await here.client.post('/training').send({
    title: 'Tone of voice',
    content: 'Always say please.',
    type: 'BEHAVIORAL',
    restricted_to_channels: ['web'],
  });
  const base = (await here.client.post('/knowledge-bases').send({ name: 'Handbook' }).expect(201)).body as {
    id: string;
  };
  const documents = `/knowledge-bases/${base.id}/documents`;
  await here.client
    .post(documents)
    .send({ title: 'Oversize', content: 'A heavy suitcase costs 40 euros.' })
    .expect(201);
  await until('the document is read', async () => {
    const { items } = (await here.client.get(documents).expect(200)).body as { items: { status: string }[] };
    return items.every(({ status }) => status === 'ready');
  });
  await topic('Refunds');
  await set({ enabled: true });
  const id = await start();
  const send = () =>
    here.client
      .post(`/chat/sessions/${id}/send`)
      .set('Idempotency-Key', 'one')
      .send({ sender: 'contact', message: { type: 'text', text: QUESTION } })
      .expect(200);
  const { body } = await send();
  const { data } = body as { data: Reply };
  expect(data).toEqual({
    success: true,
    session_is_handed_off: false,
    autopilot_response: { type: 'text', value: { error: null, content: 'Up to 23 kg.' }, id: expect.any(String) },
  });
  expect((await send()).body).toEqual(body);
  expect(await said(id)).toEqual([`message contact: ${QUESTION}`, 'message autopilot: Up to 23 kg.']);
  expect((await here.history(id))[0]!.id).toBe(data.autopilot_response!.id);
  const [system, user] = model.asked[0]!.body.messages;
  expect(model.asked).toHaveLength(1);
  expect(system!.content).toContain('Always say please.');
  expect(system!.content).toContain('1. Refunds');
  expect(system!.content).toContain('may weigh 23 kg');
  expect(system!.content).toContain('costs 40 euros');
  expect(system!.content).not.toContain('99 kg');
  expect(user!.content).toBe(`Customer: ${QUESTION}`);
});

it('the autopilot calls no model on a disabled channel, in a session that people own, and for a blocked sender', async () => {
  const off = await start();
  expect(await ask(off)).toEqual({ success: true, session_is_handed_off: false });
  await set({ enabled: true });
  const elsewhere = await start({ channel: { type: 'sms' } });
  expect(await ask(elsewhere)).toEqual({ success: true, session_is_handed_off: false });
  const owned = await start();
  await here.handOff(owned, ['user_requested_human_assistance']);
  expect(await ask(owned)).toMatchObject({ code: 'session_assigned_to_human_agent', session_is_handed_off: true });
  await here.client.post('/blocklist/domains').send({ domains: 'spam.example' }).expect(200);
  const blocked = await start();
  expect(await ask(blocked, { contact: { email: 'a@spam.example' } })).toMatchObject({ code: 'response_cancelled' });
  expect(model.asked).toEqual([]);
});

it('the autopilot hands off a session on a handoff topic, and cancels its answer on a no_assist topic', async () => {
  await set({ enabled: true });
  await topic('Refunds');
  await topic('Gossip', 'no_assist');
  model.answers = [{ topic: 1, answer: null }];
  const gossip = await start();
  expect(await ask(gossip)).toEqual({ success: true, code: 'response_cancelled', session_is_handed_off: false });
  model.answers = [{ topic: 2, answer: 'Here is your money.' }];
  const refund = await start();
  expect(await ask(refund)).toEqual({
    success: true,
    code: 'session_assigned_to_human_agent',
    session_is_handed_off: true,
  });
  expect((await here.read(refund))['handoff']).toMatchObject({
    reasons: ['prohibited_topic'],
    explanation: 'The contact asked about a topic that people answer: Refunds',
  });
  expect(await said(refund)).toEqual([`message contact: ${QUESTION}`, 'handoff undefined: undefined']);
});

it('the autopilot answers again in a session that was handed off, assigned and resolved', async () => {
  await set({ enabled: true });
  const id = await start();
  await here.handOff(id, ['user_requested_human_assistance'], { summary: 'First' });
  const { body } = await server
    .signedIn(await server.newSession(here.org))
    .get('/session')
    .expect(200);
  const { id: user_id } = (body as { user: { id: string } }).user;
  await here.client.put(`/chat/sessions/${id}/assignee`).send({ user_id }).expect(200);
  expect(await ask(id)).toMatchObject({ code: 'session_assigned_to_human_agent' });
  expect(await here.setStatus(id, 'closed_resolved')).toMatchObject({ handoff: { summary: 'First' } });
  expect(await ask(id)).toMatchObject({
    session_is_handed_off: false,
    autopilot_response: { value: { content: 'Up to 23 kg.' } },
  });
  expect(await here.read(id)).toMatchObject({ status: 'open', handoff: null, assignee_id: null });
  await here.handOff(id, ['prohibited_topic'], { summary: 'Second' });
  expect(await here.read(id)).toMatchObject({ handoff: { reasons: ['prohibited_topic'], summary: 'Second' } });
});

it('the autopilot reports that it has no answer, and that the model failed', async () => {
  await set({ enabled: true });
  model.answers = [{ topic: null, answer: null, needs_answer: false }];
  const thanks = await start();
  expect(await ask(thanks)).toMatchObject({ code: 'skipping_unuseful_response', session_is_handed_off: false });
  for (const answer of [500, 'no JSON']) {
    model.answers = [answer];
    const id = await start();
    const { autopilot_response: response } = await ask(id);
    expect(response).toEqual({ type: 'text', value: { error: 'The language model gave no answer.', content: null } });
    expect(await said(id)).toEqual([`message contact: ${QUESTION}`]);
  }
});

it.each([
  ['has no answer', { topic: null, answer: null }, 'insufficient_knowledge', 'The knowledge of the AI has no answer.'],
  ['names an unknown topic', { topic: 7 }, 'insufficient_knowledge', 'The knowledge of the AI has no answer.'],
  [
    'reads that the contact wants a person',
    { topic: null, answer: 'No.', wants_human: true },
    'user_requested_human_assistance',
    'The contact asked for a person.',
  ],
])('the autopilot hands off when the model %s', async (_what, answer, reason, explanation) => {
  await set({ enabled: true });
  model.answers = [{ ...answer, sentiment: 'angry', language: 'de' }];
  const id = await start();
  expect(await ask(id)).toEqual({
    success: true,
    code: 'session_assigned_to_human_agent',
    session_is_handed_off: true,
  });
  expect(await here.read(id)).toMatchObject({
    ai_closure_type: 'handed_off',
    sentiment: 'angry',
    language: 'de',
    handoff: { reasons: [reason], explanation, sentiment: 'angry' },
  });
});

it('the autopilot closes a session whose contact says that the issue is resolved', async () => {
  await set({ enabled: true });
  model.answers = [{ topic: null, answer: 'You are welcome.', is_resolved: true, sentiment: 'happy', language: 'en' }];
  const id = await start();
  await ask(id);
  expect(await here.read(id)).toMatchObject({
    status: 'closed_resolved',
    ai_closure_type: 'resolved',
    sentiment: 'happy',
    closed_at: expect.any(String),
  });
  expect((await said(id)).slice(1)).toEqual([
    'message autopilot: You are welcome.',
    'ai_resolved_issue undefined: undefined',
  ]);
});

it('a session closed as resolved after answers of the AI only is assumed to be resolved by it', async () => {
  await set({ enabled: true });
  const byAi = await start();
  await ask(byAi);
  expect(await here.setStatus(byAi, 'closed_resolved')).toMatchObject({ ai_closure_type: 'assumed_resolved' });
  expect(await here.setStatus(byAi, 'open')).toMatchObject({ ai_closure_type: null });
  await here.send(byAi, 'agent');
  expect(await here.setStatus(byAi, 'closed_resolved')).toMatchObject({ ai_closure_type: null });
  const unresolved = await start();
  await ask(unresolved);
  expect(await here.setStatus(unresolved, 'closed_unresolved')).toMatchObject({ ai_closure_type: null });
});

it('a closed session gets a summary, the sentiment, the language and tags from the model', async () => {
  for (const [tag_name, excluded] of [
    ['baggage', false],
    ['refund', false],
    ['vip', true],
  ] as const) {
    await here.client.put('/tags').send({ tag_name, exclude_from_auto_tagging: excluded }).expect(200);
  }
  const review = {
    summary: 'Asked about a suitcase.',
    sentiment: 'neutral',
    language: 'en',
    tags: ['baggage', 'vip', 'x'],
  };
  model.answers = [review];
  const id = await start();
  await ask(id);
  await here.setStatus(id, 'closed_resolved', { generate_summary_and_sentiment_on_resolve: true });
  await until('the summary is written', async () => (await said(id)).length === 4);
  expect(await here.read(id)).toMatchObject({ sentiment: 'neutral', language: 'en', tags: ['baggage'] });
  expect((await said(id)).slice(2)).toEqual([
    'tag_added_by_api autopilot: undefined',
    'human_agent_comment autopilot: Asked about a suitcase.',
  ]);
  const [system, user] = model.asked[0]!.body.messages;
  expect(system!.content).toContain('- baggage');
  expect(system!.content).not.toContain('vip');
  expect(user!.content).toBe(`Customer: ${QUESTION}`);
});

it('a closed session on a channel with the AI gets tags, and a summary only on request', async () => {
  await here.client.put('/tags').send({ tag_name: 'baggage' }).expect(200);
  await set({ enabled: true });
  model.answers = [
    { topic: null, answer: 'Up to 23 kg.' },
    { summary: 'Asked.', sentiment: 'angry', language: 'en', tags: ['baggage'] },
  ];
  const id = await start();
  await ask(id);
  await here.setStatus(id, 'closed_unresolved');
  await until('the tag is added', async () => ((await here.read(id))['tags'] as string[]).length === 1);
  expect(await here.read(id)).toMatchObject({ sentiment: null, language: 'en' });
  expect((await said(id)).some((line) => line.includes('Asked.'))).toBe(false);
});

it('assist_mode says whether the AI drafts replies for the people who own the session', async () => {
  await set({ assist_enabled: true });
  const id = await start();
  await ask(id);
  expect(await here.read(id)).toMatchObject({ assist_mode: false });
  await here.handOff(id, ['user_requested_human_assistance']);
  await ask(id);
  expect(await here.read(id)).toMatchObject({ assist_mode: true });
});

it('training for a segment applies to contacts whose custom data names it', async () => {
  await set({ enabled: true });
  const rule = {
    title: 'Gold guests',
    content: 'Offer the lounge.',
    type: 'BEHAVIORAL',
    restricted_to_segments: ['gold'],
  };
  await here.client.post('/training').send(rule).expect(201);
  const contact = async (email: string, segments: string) =>
    (
      (
        await here.client
          .post('/contacts')
          .send({ contact: { email, custom_data: { segments } } })
          .expect(201)
      ).body as {
        id: string;
      }
    ).id;
  await ask(await start({ contact_id: await contact('gold@guests.example', 'new, gold') }));
  await ask(await start({ contact_id: await contact('silver@guests.example', 'golden') }));
  expect(model.asked.map(({ body }) => body.messages[0]!.content.includes('Offer the lounge.'))).toEqual([true, false]);
});

it('published help-center articles are part of the knowledge', async () => {
  await set({ enabled: true });
  await here.client.put('/help-center').send({ name: 'Help', primary_language: 'en' });
  const category = (await here.client.post('/help-center/categories').send({ name: 'Baggage' }).expect(201)).body;
  const category_id = (category as { id: string }).id;
  for (const [title, content] of [
    ['Suitcases', 'A suitcase may be blue.'],
    ['Draft', 'A suitcase may be red.'],
  ]) {
    const { body } = await here.client.post('/help-center/articles').send({ category_id, title, content }).expect(201);
    const { id } = body as { id: string };
    if (title !== 'Draft') await here.client.post(`/help-center/articles/${id}/publish`).expect(200);
  }
  await ask(await start());
  const { content } = model.asked[0]!.body.messages[0]!;
  expect(content).toContain('may be blue');
  expect(content).not.toContain('may be red');
});

it('a session stays writable during a model call, and changes by people take precedence', async () => {
  await set({ enabled: true });
  const id = await start();
  const { promise: handedOff, resolve } = Promise.withResolvers<void>();
  model.thinks = handedOff;
  try {
    const reply = ask(id);
    await until('the message is there', async () => (await said(id)).length === 1);
    await here.handOff(id, ['user_requested_human_assistance']);
    resolve();
    expect(await reply).toEqual({
      success: true,
      code: 'session_assigned_to_human_agent',
      session_is_handed_off: true,
    });
    expect(await said(id)).not.toContain('message autopilot: Up to 23 kg.');
  } finally {
    resolve();
    model.thinks = Promise.resolve();
  }
});

it('the autopilot drafts replies only in sessions that people own', async () => {
  await set({ enabled: true, assist_enabled: true });
  const own = await start();
  await ask(own);
  const owned = await start();
  await here.handOff(owned, ['user_requested_human_assistance']);
  await ask(owned);
  await until('the draft is there', async () => (await said(owned)).length === 3);
  expect(await said(owned)).toEqual([
    'handoff undefined: undefined',
    `message contact: ${QUESTION}`,
    'human_agent_comment autopilot: Up to 23 kg.',
  ]);
  expect((await said(own)).filter((line) => line.startsWith('human'))).toEqual([]);
});

it('a first reply is due from when the AI leaves a session to people', async () => {
  await set({ enabled: true });
  const targets = { first_reply_seconds: 3_600, resolution_seconds: 7_200 };
  await here.client.post('/sla/policies').send({ name: 'All', targets }).expect(201);
  const firstReply = async (id: string) => ((await here.read(id))['sla'] as { first_reply: object | null }).first_reply;
  const answered = await start();
  await ask(answered);
  expect(await firstReply(answered)).toBeNull();
  await here.handOff(answered, ['user_requested_human_assistance']);
  expect(await firstReply(answered)).toMatchObject({ state: 'active' });
  for (const answers of [[503], [{ topic: null, answer: null }]]) {
    const unanswered = await start();
    model.answers = answers;
    await ask(unanswered);
    expect(await firstReply(unanswered)).toMatchObject({ state: 'active' });
  }
  const elsewhere = await start({ channel: { type: 'sms' } });
  expect(await firstReply(elsewhere)).toMatchObject({ state: 'active' });
});
