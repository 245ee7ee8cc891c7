import { beforeEach, describe, expect, it } from 'vitest';
import { type Client, type TestOrg, TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const CENTER = { name: 'Help', primary_language: 'en' };

interface Article {
  readonly id: string;
  readonly title: string;
  readonly slug: string;
  readonly status: string;
  readonly published_at: string | null;
}

const server = TestServer.forSuite();
let org: TestOrg;
let client: Client;
beforeEach(async () => {
  org = await server.newOrg();
  client = await server.newClient(org);
});

const put = (fields: object = {}) => client.put('/help-center').send({ ...CENTER, ...fields });
const newCategory = async (fields: object = {}) =>
  (
    await client
      .post('/help-center/categories')
      .send({ name: 'Booking', ...fields })
      .expect(201)
  ).body as { id: string; slug: string };
const items = async <T = Article>(path: string, query: object = {}): Promise<T[]> =>
  (await client.get(`/help-center/${path}`).query(query).expect(200)).body.items;

describe('the help center', () => {
  it('is 404 until it is created, can be replaced, and keeps its primary language', async () => {
    const missing = { statusCode: 404, message: 'Help center not found', error: 'Not Found', code: 'not_found' };
    expect((await client.get('/help-center').expect(404)).body).toEqual(missing);
    expect((await client.post('/help-center/categories').send({ name: 'A' }).expect(404)).body).toEqual(missing);
    const { body } = await put({ custom_domain: 'Help.Acme.example', languages: ['de', 'en'] }).expect(201);
    const made = {
      id: expect.any(String),
      ...CENTER,
      description: null,
      languages: ['en', 'de'],
      custom_domain: 'help.acme.example',
    };
    expect(body).toEqual(made);
    expect((await client.get('/help-center').expect(200)).body).toEqual(body);
    expect((await put({ name: 'Support' }).expect(200)).body).toEqual({
      ...body,
      name: 'Support',
      languages: ['en'],
      custom_domain: null,
    });
    expect((await put({ primary_language: 'de' }).expect(400)).body.message).toBe('primary_language cannot be changed');
    expect((await client.get('/help-center').expect(200)).body.name).toBe('Support');
  });

  it('is created once by concurrent requests', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => put()));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  });

  it('refuses invalid fields, and names them', async () => {
    const wrong: [string, object][] = [
      ['name', { name: '' }],
      ['description', { description: 'x'.repeat(501) }],
      ['primary_language', { primary_language: 'xx' }],
      ['primary_language', { primary_language: 'EN' }],
      ['primary_language', { primary_language: 'english' }],
      ['languages', { languages: ['de', 'de'] }],
      ['languages', { languages: ['qq'] }],
      ['languages', { languages: null }],
      ['custom_domain', { custom_domain: 'https://help.acme.example' }],
      ['custom_domain', { custom_domain: 'localhost' }],
      ['custom_domain', { custom_domain: 'help.acme.example/path' }],
      ['custom_domain', { custom_domain: `${'a.'.repeat(150)}example` }],
      ['id', { id: UNKNOWN_ID }],
    ];
    for (const [field, fields] of wrong) {
      const { status, body } = await put(fields);
      expect([status, body.errors?.map((error: { field: string }) => error.field)]).toEqual([400, [field]]);
    }
    await client.get('/help-center').expect(404);
    await put({ languages: ['aa', 'de', 'ja', 'zh', 'uk', 'pt', 'he', 'zu'] }).expect(201);
  });
});

describe('categories', () => {
  beforeEach(() => put().expect(201));

  it('are listed by position, and can be updated', async () => {
    const last = await newCategory({ name: 'Last', position: 9 });
    const first = await newCategory({ name: 'First', position: -1, icon: '🎿', description: 'To begin with' });
    const second = await newCategory({ name: 'Second' });
    expect(first).toEqual({
      id: expect.any(String),
      name: 'First',
      slug: 'first',
      description: 'To begin with',
      icon: '🎿',
      position: -1,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect((await items('categories')).map(({ id }) => id)).toEqual([first.id, second.id, last.id]);
    const page = (await client.get('/help-center/categories?limit=2').expect(200)).body;
    expect(await items('categories', { limit: 2, cursor: page.next })).toEqual([last]);
    const path = `/help-center/categories/${last.id}`;
    expect((await client.patch(path).send({ position: -2, icon: null }).expect(200)).body).toMatchObject({
      position: -2,
    });
    expect((await items('categories'))[0]!.id).toBe(last.id);
    for (const bad of [
      { name: null },
      { slug: 'Über' },
      { slug: null },
      { slug: 'x'.repeat(101) },
      { position: 1.5 },
    ]) {
      await client.patch(path).send(bad).expect(400);
    }
  });

  it('can be deleted only when they are empty', async () => {
    const { id } = await newCategory();
    const article = await newArticle({ category_id: id });
    const path = `/help-center/categories/${id}`;
    expect((await client.delete(path).expect(409)).body.message).toBe('Category is used by an article');
    await client.delete(`/help-center/articles/${article.id}`).expect(204);
    await client.delete(path).expect(204);
    await client.delete(path).expect(404);
  });

  it('have unique slugs: a given one that exists is 409, and a generated one gets a number', async () => {
    expect((await newCategory({ slug: 'rates' })).slug).toBe('rates');
    const taken = { statusCode: 409, message: 'Category with this slug already exists', code: 'taken' };
    const again = client.post('/help-center/categories').send({ name: 'Other', slug: 'rates' });
    expect((await again.expect(409)).body).toEqual(taken);
    expect((await newCategory({ name: 'Rates' })).slug).toBe('rates-2');
    expect((await newCategory({ name: '料金' })).slug).toBe('category');
  });
});

async function newArticle(fields: object = {}): Promise<Article> {
  const article = { title: 'Refunds', content: '# Refunds\n\nWithin five days.', ...fields };
  return (await client.post('/help-center/articles').send(article).expect(201)).body;
}
const act = async (id: string, action: 'publish' | 'unpublish'): Promise<Article> =>
  (await client.post(`/help-center/articles/${id}/${action}`).expect(200)).body;

describe('articles', () => {
  let category_id: string;
  beforeEach(async () => {
    await put().expect(201);
    category_id = (await newCategory()).id;
  });

  it('are drafts until they are published, and after they are unpublished', async () => {
    const made = await newArticle({ category_id });
    expect(made).toEqual({
      id: expect.any(String),
      category_id,
      title: 'Refunds',
      slug: 'refunds',
      description: null,
      content: '# Refunds\n\nWithin five days.',
      status: 'draft',
      published_at: null,
      meta_title: null,
      meta_description: null,
      language: 'en',
      translation_of: null,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    const published = await act(made.id, 'publish');
    expect(published).toMatchObject({ status: 'published', published_at: expect.stringMatching(/Z$/) });
    expect((await act(made.id, 'publish')).published_at).toBe(published.published_at);
    expect(await items('articles', { status: 'published' })).toHaveLength(1);
    expect(await act(made.id, 'unpublish')).toMatchObject({ status: 'draft', published_at: null });
    expect(await items('articles', { status: 'published' })).toEqual([]);
    await client.post(`/help-center/articles/${UNKNOWN_ID}/publish`).expect(404);
  });

  it('are found by their words once they are published, with all other filters', async () => {
    const refunds = await newArticle({ category_id });
    const { id } = await newCategory({ name: 'Else' });
    const parking = await newArticle({ category_id: id, title: 'Parking', content: 'No refund.', description: 'Cars' });
    expect(await items('articles', { search: 'refund' })).toEqual([]);
    await act(refunds.id, 'publish');
    await act(parking.id, 'publish');
    const found = async (query: object) => (await items('articles', query)).map(({ title }) => title);
    expect(await found({ search: 'REFUNDS' })).toEqual(['Parking', 'Refunds']);
    expect(await found({ search: 'refund', category_id })).toEqual(['Refunds']);
    expect(await found({ search: 'car' })).toEqual(['Parking']);
    expect(await found({ search: 'refund', language: 'de' })).toEqual([]);
    expect(await found({ search: 'refund', status: 'draft' })).toEqual([]);
    await client.patch(`/help-center/articles/${parking.id}`).send({ content: 'Behind the house.' }).expect(200);
    expect(await found({ search: 'refund' })).toEqual(['Refunds']);
    await act(refunds.id, 'unpublish');
    expect(await found({ search: 'refund' })).toEqual([]);
    expect(await found({ language: 'en' })).toEqual(['Parking', 'Refunds']);
  });

  it('have unique slugs, also if created concurrently with one title', async () => {
    await newArticle({ category_id, slug: 'refunds' });
    const given = client.post('/help-center/articles').send({ category_id, title: 'A', content: 'B', slug: 'refunds' });
    expect((await given.expect(409)).body.message).toBe('Article with this slug already exists');
    const made = await Promise.all(Array.from({ length: 5 }, () => newArticle({ category_id })));
    expect(made.map(({ slug }) => slug).toSorted()).toEqual([2, 3, 4, 5, 6].map((number) => `refunds-${number}`));
    const [one, two] = made as [Article, Article];
    await client.patch(`/help-center/articles/${one.id}`).send({ slug: two.slug }).expect(409);
    const renamed = await client.patch(`/help-center/articles/${one.id}`).send({ title: 'Returns' }).expect(200);
    expect(renamed.body.slug).toBe(one.slug);
    const key = () => client.post('/help-center/articles').set('Idempotency-Key', 'one');
    const body = { category_id, title: 'Refunds', content: 'Once' };
    const [first, again] = [await key().send(body).expect(201), await key().send(body).expect(201)];
    expect([first.body.slug, again.body]).toEqual(['refunds-7', first.body]);
  });

  it('accept 200,000 characters of any words', async () => {
    const letters = Array.from({ length: 50_000 }, (_, index) => String.fromCodePoint(0x20000 + (index % 42_000)));
    const content = letters.map((letter, index) => `${letter}-${letters[(index * 7) % 50_000]}`).join(' ');
    const pathological = await newArticle({ category_id, content: content.slice(0, 199_999).toWellFormed() });
    await act(pathological.id, 'publish');
    await newArticle({ category_id, content: 'x'.repeat(200_000) });
    await client
      .post('/help-center/articles')
      .send({ category_id, title: 'A', content: 'x'.repeat(200_001) })
      .expect(400);
  });

  it('belong to a category of the org, and are 404 for other orgs', async () => {
    const { id } = await newArticle({ category_id });
    const stranger = await server.newClient();
    await stranger.put('/help-center').send(CENTER).expect(201);
    const body = { title: 'Mine', content: 'Mine' };
    const missing = (what: string) => ({
      statusCode: 404,
      message: `${what} not found`,
      error: 'Not Found',
      code: 'not_found',
    });
    for (const unknown of [category_id, UNKNOWN_ID, 'x']) {
      const answer = stranger.post('/help-center/articles').send({ ...body, category_id: unknown });
      expect((await answer.expect(404)).body).toEqual(missing('Category'));
    }
    for (const unknown of [id, UNKNOWN_ID, 'x']) {
      const path = `/help-center/articles/${unknown}`;
      const asked = [stranger.get(path), stranger.patch(path).send(body), stranger.delete(path)];
      asked.push(stranger.post(`${path}/publish`), stranger.post(`${path}/unpublish`));
      for (const answer of asked) expect((await answer.expect(404)).body).toEqual(missing('Article'));
    }
    await client.patch(`/help-center/articles/${id}`).send({ category_id: UNKNOWN_ID, title: 'X' }).expect(404);
    for (const bad of [
      { status: 'published' },
      { title: null },
      { language: 'de' },
      { meta_description: 'x'.repeat(161) },
    ]) {
      await client.patch(`/help-center/articles/${id}`).send(bad).expect(400);
    }
    expect((await client.get(`/help-center/articles/${id}`).expect(200)).body.title).toBe('Refunds');
  });
});
