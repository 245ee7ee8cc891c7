import { beforeEach, describe, expect, it } from 'vitest';
import { ApplicableTrainings } from '../../src/resources/conversations/training/applicable-trainings.service.js';
import { type Client, type TestOrg, TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const LESSON = { title: 'Refunds', content: 'Money goes back within five days.' };

const server = TestServer.forSuite();
let org: TestOrg;
let client: Client;
beforeEach(async () => {
  org = await server.newOrg();
  client = await server.newClient(org);
});

interface Shown {
  id: string;
  title: string;
  published_at: string | null;
}
const add = async (fields: object = {}): Promise<Shown> =>
  (
    await client
      .post('/training')
      .send({ ...LESSON, ...fields })
      .expect(201)
  ).body;
const change = async (id: string, fields: object): Promise<Shown> =>
  (await client.put(`/training/${id}`).send(fields).expect(200)).body;
const titles = async (query: object): Promise<string[]> =>
  (await client.get('/training').query(query).expect(200)).body.items.map(({ title }: Shown) => title);

it('omitted fields have defaults on create, and stay unchanged on PUT', async () => {
  const made = await add();
  expect(made).toEqual({
    id: expect.any(String),
    ...LESSON,
    type: 'SCENARIO_SPECIFIC',
    is_draft: false,
    restricted_to_channels: [],
    restricted_to_segments: [],
    metadata: {},
    published_at: expect.stringMatching(/Z$/),
    start_time: null,
    end_time: null,
    created_at: expect.any(String),
    updated_at: expect.any(String),
  });
  const fields = {
    type: 'BEHAVIORAL',
    restricted_to_channels: ['web', 'email'],
    restricted_to_segments: ['vip, "gold"'],
    metadata: { source: { page: 3 } },
    start_time: '2026-01-01T00:00:00.000Z',
    end_time: '2026-02-01T00:00:00.000Z',
  };
  const changed = await change(made.id, fields);
  expect(changed).toEqual({ ...made, ...fields, updated_at: expect.any(String) });
  expect((await change(made.id, {})) as unknown).toEqual(changed);
  expect(await change(made.id, { start_time: null, end_time: null })).toMatchObject({
    start_time: null,
    metadata: fields.metadata,
  });
  expect((await client.get(`/training/${made.id}`).expect(200)).body).toMatchObject({ end_time: null });
  await client.delete(`/training/${made.id}`).expect(204);
  await client.get(`/training/${made.id}`).expect(404);
});

it('published_at is the time of publication', async () => {
  const draft = await add({ is_draft: true });
  expect(draft.published_at).toBeNull();
  const { published_at } = await change(draft.id, { is_draft: false });
  expect(published_at).toMatch(/Z$/);
  expect((await change(draft.id, { is_draft: false, title: 'Returns' })).published_at).toBe(published_at);
  expect((await change(draft.id, { is_draft: true })).published_at).toBeNull();
});

it('a search matches words and prefixes of title and content, within the org', async () => {
  const other = await server.newClient();
  await other.post('/training').send(LESSON).expect(201);
  await add();
  await add({ title: 'Öffnungszeiten', content: "Wir öffnen um neun, sonntags nie. O'Brien's key: a&b | c <-> d!" });
  for (const search of ['REFUND', 'refunds', 'day five', 'mon', 'refunds within fiv']) {
    expect([search, await titles({ search })]).toEqual([search, ['Refunds']]);
  }
  for (const search of ['öffnungszeiten', 'ÖFFNEN neun', "o'brien's", 'c <-> d', 'sonn']) {
    expect([search, await titles({ search })]).toEqual([search, ['Öffnungszeiten']]);
  }
  await add({ title: '“Élan” — «Köln»', content: 'Wi\u00adder\u00adruf… 100€→200€ ☎️Telefon don’t' });
  for (const search of ['élan', 'ÉLAN', 'köln', 'KÖLN “élan”', 'widerruf', 'telefon', '200']) {
    expect([search, await titles({ search })]).toEqual([search, ['“Élan” — «Köln»']]);
  }
  for (const search of ['ney', 'refund sonntags', '!&|:*', "'", '\\', '()', 'the', org.id, "x':*"]) {
    expect([search, await titles({ search })]).toEqual([search, []]);
  }
  await client
    .put(`/training/${(await client.get('/training?search=refunds')).body.items[0].id}`)
    .send({ title: 'Returns' });
  expect(await titles({ search: 'refunds' })).toEqual([]);
  expect(await titles({ search: 'returns' })).toEqual(['Returns']);
});

it('the list can be filtered by type, draft and metadata, in pages', async () => {
  await add({ title: 'One', metadata: { a: 1, tags: ['x', 'y'] } });
  await add({ title: 'Two', metadata: { a: 2 }, is_draft: true });
  await add({ title: 'Three', metadata: { a: 1 }, type: 'BEHAVIORAL' });
  const metadata = (value: unknown) => ({ metadata: JSON.stringify(value) });
  expect(await titles({ type: 'BEHAVIORAL' })).toEqual(['Three']);
  expect(await titles({ is_draft: 'true' })).toEqual(['Two']);
  expect(await titles(metadata({ a: 1 }))).toEqual(['Three', 'One']);
  expect(await titles(metadata({ tags: ['y'] }))).toEqual(['One']);
  expect(await titles(metadata({}))).toEqual(['Three', 'Two', 'One']);
  expect(
    await titles({ ...metadata({ a: 1 }), type: 'SCENARIO_SPECIFIC', is_draft: 'false', search: 'money' }),
  ).toEqual(['One']);
  const first = (
    await client
      .get('/training')
      .query({ ...metadata({ a: 1 }), limit: 1 })
      .expect(200)
  ).body;
  expect(await titles({ ...metadata({ a: 1 }), limit: 1, cursor: first.next })).toEqual(['One']);
  for (const bad of [
    '',
    '[]',
    '1',
    'null',
    '{',
    '{"a":"\\ud800"}',
    '{"__proto__":1}',
    `{"a":${'['.repeat(99)}`,
    '{"a":1e999999}',
  ]) {
    await client.get('/training').query({ metadata: bad }).expect(400);
  }
});

/** Bodies with one invalid field, by that field, for POST and PUT. */
const WRONG: readonly (readonly [string, object])[] = [
  ['title', { title: 'ab' }],
  ['title', { title: 'x'.repeat(301) }],
  ['content', { content: 'too short' }],
  ['content', { content: 'x'.repeat(20_001) }],
  ['type', { type: 'OTHER' }],
  ['restricted_to_channels', { restricted_to_channels: ['fax'] }],
  ['restricted_to_channels', { restricted_to_channels: ['web', 'web'] }],
  ['restricted_to_segments', { restricted_to_segments: [''] }],
  ['metadata', { metadata: ['x'] }],
  ['metadata', { metadata: { a: 'x'.repeat(17_000) } }],
  ['metadata', { metadata: null }],
  ['is_draft', { is_draft: null }],
  ['start_time', { start_time: 'tomorrow' }],
  ['end_time', { start_time: '2026-02-01T00:00:00Z', end_time: '2026-02-01T00:00:00Z' }],
  ['published_at', { published_at: '2026-02-01T00:00:00Z' }],
  ['words', { words: 'x' }],
];

it('invalid fields are refused by name, and nothing is stored', async () => {
  const made = await add();
  for (const [field, fields] of WRONG) {
    for (const answer of [
      await client.post('/training').send({ ...LESSON, ...fields }),
      await client.put(`/training/${made.id}`).send(fields),
    ]) {
      const named = answer.body.errors?.map((error: { field: string }) => error.field);
      expect([answer.status, named]).toEqual([400, [field]]);
    }
  }
  expect((await client.get('/training').expect(200)).body.items).toEqual([made]);
});

it('an end before the start is refused, whichever changes', async () => {
  const { id } = await add({ start_time: '2026-02-01T00:00:00Z' });
  const { body } = await client.put(`/training/${id}`).send({ end_time: '2026-01-01T00:00:00Z' }).expect(400);
  expect(body.message).toBe('end_time must be after start_time');
  await change(id, { end_time: '2026-03-01T00:00:00Z' });
  await client.put(`/training/${id}`).send({ start_time: '2026-04-01T00:00:00Z' }).expect(400);
});

it('a training of another org is 404', async () => {
  const { id } = await add();
  const other = await server.newClient();
  const missing = { statusCode: 404, message: 'Training not found', error: 'Not Found', code: 'not_found' };
  for (const path of [`/training/${id}`, `/training/${UNKNOWN_ID}`, '/training/x']) {
    for (const answer of [other.get(path), other.put(path).send(LESSON), other.delete(path)]) {
      expect((await answer.expect(404)).body).toEqual(missing);
    }
  }
  expect(await titles({})).toEqual(['Refunds']);
});

describe('training for an AI answer', () => {
  const applying = async (text: string, segments: string[] = []) =>
    (await server.app.get(ApplicableTrainings).applying(org.id, { text, channel: 'web', segments })).map(
      ({ title }) => title,
    );

  it('includes all guidelines, and matching knowledge, best match first', async () => {
    await add({ title: 'Be brief', type: 'BEHAVIORAL' });
    await add({ title: 'Refund for tours', content: 'A refund of a cancelled tour takes five days.' });
    await add({ title: 'Tours', content: 'There is a tour every day.' });
    await add({ title: 'Parking', content: 'Cars are parked behind the house.' });
    expect(await applying('How long does the refund for my tour take?')).toEqual([
      'Be brief',
      'Refund for tours',
      'Tours',
    ]);
    expect(await applying('?')).toEqual(['Be brief']);
  });

  it('excludes drafts and items for other times, channels and audiences', async () => {
    await add({ title: 'Now', start_time: '2020-01-01T00:00:00Z', end_time: '2999-01-01T00:00:00Z' });
    await add({ title: 'Here', restricted_to_channels: ['web'] });
    await add({ title: 'Elsewhere', restricted_to_channels: ['email'] });
    await add({ title: 'Draft', is_draft: true });
    await add({ title: 'Past', end_time: '2020-01-01T00:00:00Z' });
    await add({ title: 'Later', start_time: '2999-01-01T00:00:00Z' });
    await add({ title: 'For VIPs', restricted_to_segments: ['vip "gold"'] });
    expect(await applying('money')).toEqual(['Here', 'Now']);
    expect(await applying('money', ['new', 'vip "gold"'])).toEqual(['For VIPs', 'Here', 'Now']);
  });
});
