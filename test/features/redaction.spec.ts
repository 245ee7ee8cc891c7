import { beforeAll, expect, it } from 'vitest';
import { readTables } from '../contract/support/table-rows.js';
import { Conversations } from '../support/conversations.js';
import { PUBLIC_URL, TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

/** Occurs nowhere else in the database. */
const SECRET = 'card 4929 1234 5678 9012';

const server = TestServer.forSuite();
let ours: Conversations;
beforeAll(async () => {
  ours = await Conversations.of(server);
});

const redact = (what: 'message' | 'session', body: object, by = ours) =>
  by.client.post(`/redaction/${what}`).send(body);

/** The tables of all rows with the text, also as bytes or in a URL. */
async function rowsWith(text: string): Promise<string[]> {
  const spellings = [text, Buffer.from(text).toString('hex'), encodeURIComponent(text)];
  const rows = [...(await readTables(server))].flatMap(([table, entries]) =>
    [...entries].filter((row) => spellings.some((spelling) => row.includes(spelling))).map(() => table),
  );
  return rows.toSorted();
}

async function newMessage(text: string): Promise<{ sessionId: string; messageId: string; path: string }> {
  const sessionId = await ours.start();
  const attachments = [
    { name: `${text}.txt`, base64: Buffer.from(text).toString('base64'), mime_type: 'text/plain' },
    { name: 'link', url: `https://example.com/${encodeURIComponent(text)}`, mime_type: 'text/plain' },
  ];
  await ours.send(sessionId, 'contact', { message: { type: 'text', text, attachments } });
  const [{ id, event }] = (await ours.history(sessionId)) as [Awaited<ReturnType<Conversations['history']>>[0]];
  const { pathname, search } = new URL(event.attachments!.find(({ url }) => url.startsWith(PUBLIC_URL))!.url);
  return { sessionId, messageId: id, path: pathname + search };
}

it('a redacted message is deleted with its attachments, and in no log', async () => {
  const { sessionId, messageId, path } = await newMessage(SECRET);
  await ours.send(sessionId, 'agent');
  expect(await rowsWith(SECRET)).toEqual(['chat_attachments', 'chat_attachments', 'chat_events']);
  await server.http.get(path).expect(200);
  const { body } = await redact('message', { message_id: messageId, reason: 'A card number' }).expect(200);
  expect(body).toEqual({
    success: true,
    message: 'The message is redacted.',
    item_id: messageId,
    redaction_type: 'message',
    affected_count: 1,
  });
  expect(await rowsWith(SECRET)).toEqual([]);
  await server.http.get(path).expect(404);
  const shown = (await ours.history(sessionId)).map(({ event }) => event);
  expect(shown).toEqual([
    { type: 'message', sender: { type: 'agent' }, content: { type: 'text', text: 'Hello' } },
    { type: 'message', sender: { type: 'contact' }, content: { type: 'text', text: '[redacted]' } },
  ]);
  expect((await redact('message', { message_id: messageId }).expect(200)).body).toMatchObject({ affected_count: 0 });
  const logs = await ours.items(`/redaction/logs?session_id=${sessionId}`);
  expect(logs).toEqual([
    {
      id: expect.any(String),
      redaction_type: 'message',
      item_id: messageId,
      reason: 'A card number',
      actor: { type: 'api_key', id: expect.any(String), name: expect.any(String) },
      affected_count: 1,
      created_at: expect.any(String),
    },
  ]);
  const { rows } = await server.database.pool.query('SELECT action, changes FROM audit_entries WHERE target_id = $1', [
    messageId,
  ]);
  expect(rows).toEqual([{ action: 'chat_message.redacted', changes: null }]);
});

it('a redacted session leaves no quote of it in any table', async () => {
  const text = `${SECRET} of a session`;
  const { sessionId } = await newMessage(text);
  const contact = {
    name: `Ann, ${text}`,
    email: 'ann@example.com',
    avatar_url: `https://example.com/${encodeURIComponent(text)}`,
    custom_data: { note: text },
  };
  const custom_data = { order: text };
  await ours.send(sessionId, 'contact', { message: { type: 'text', text: `again: ${text}` }, contact, custom_data });
  await ours.handOff(sessionId, ['prohibited_topic'], { summary: text, explanation: text });
  await ours.setStatus(sessionId, 'closed_resolved', { session_closed_payload: { note: text } });
  await ours.client.post('/csat/scores').send({ session_id: sessionId, score: 1, comment: text }).expect(201);
  const { body } = await redact('session', { session_id: sessionId }).expect(200);
  expect(body).toEqual({
    success: true,
    message: 'The session is redacted.',
    item_id: sessionId,
    redaction_type: 'session',
    // Two messages, five texts (two of the handoff and one each of the closing, score and insight), the data and the claims.
    affected_count: 9,
    messages_redacted: 2,
  });
  expect(await rowsWith(text)).toEqual([]);
  expect(await ours.read(sessionId)).toMatchObject({
    custom_data: {},
    contact: { non_verified_name: null, non_verified_email: null, non_verified_custom_data: {} },
  });
  expect((await redact('session', { session_id: sessionId }).expect(200)).body).toMatchObject({
    message: 'The session has nothing to redact.',
    affected_count: 0,
    messages_redacted: 0,
  });
  expect(await ours.items(`/redaction/logs?session_id=${sessionId}`)).toHaveLength(1);
  // A later redaction includes messages sent after an earlier one.
  await ours.send(sessionId, 'contact');
  expect((await redact('session', { session_id: sessionId }).expect(200)).body).toMatchObject({ messages_redacted: 1 });
});

it('a redacted session leaves no quote in its mail', async () => {
  const text = `${SECRET} of a mail`;
  const channel = { type: 'email', address: 'help@acme.example', subject: text };
  const sessionId = await ours.start({ channel });
  await ours.send(sessionId, 'contact', { contact: { email: 'mail@guests.example' } });
  await ours.send(sessionId, 'agent', { agent: { id: 'a-2', name: text }, message: { type: 'text', text } });
  expect(await rowsWith(text)).toEqual(['chat_events', 'chat_sessions', 'mail_bodies', 'mail_messages']);
  await redact('session', { session_id: sessionId }).expect(200);
  expect(await rowsWith(text)).toEqual([]);
});

it('a redacted message has no name, and its contact stays', async () => {
  const sessionId = await ours.start({ verified: true });
  const contact = { name: 'Ann Redacted', email: 'ann.redacted@example.com' };
  await ours.send(sessionId, 'contact', { contact });
  await ours.send(sessionId, 'agent', { agent: { id: 'a-1', name: 'Redacted Agent' } });
  for (const { id } of await ours.history(sessionId)) await redact('message', { message_id: id }).expect(200);
  const senders = (await ours.history(sessionId)).map(({ event }) => (event as { sender?: object }).sender);
  expect(senders).toEqual([{ type: 'agent' }, { type: 'contact' }]);
  expect(await rowsWith('Ann Redacted')).toEqual(['contacts']);
  await redact('session', { session_id: sessionId }).expect(200);
  expect(await ours.read(sessionId)).toMatchObject({ contact });
});

it('concurrent redactions of a message redact it once', async () => {
  const { messageId } = await newMessage('once');
  const answers = await Promise.all(Array.from({ length: 6 }, () => redact('message', { message_id: messageId })));
  const counts = answers.map(({ body }) => (body as { affected_count: number }).affected_count);
  expect(counts.toSorted()).toEqual([0, 0, 0, 0, 0, 1]);
});

it('a message or session of another org is 404, and stays unchanged', async () => {
  const neighbour = await Conversations.of(server);
  const { sessionId, messageId } = await newMessage('kept');
  await ours.handOff(sessionId, ['prohibited_topic']);
  const [handoff] = await ours.history(sessionId);
  for (const id of [UNKNOWN_ID, 'x', handoff!.id]) {
    expect((await redact('message', { message_id: id }).expect(404)).body).toMatchObject({
      message: 'Message not found',
    });
  }
  for (const id of [UNKNOWN_ID, 'x']) await redact('session', { session_id: id }).expect(404);
  await redact('message', { message_id: messageId }, neighbour).expect(404);
  await redact('session', { session_id: sessionId }, neighbour).expect(404);
  expect(await rowsWith('kept')).not.toEqual([]);
  expect(await neighbour.items('/redaction/logs')).toEqual([]);
});
