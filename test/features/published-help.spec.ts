import { beforeEach, describe, expect, it } from 'vitest';
import { type Client, PUBLIC_URL, type TestOrg, TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';
import { until } from '../support/until.js';

const DOMAIN = 'help.acme.example';
const MAX_AGE = 'public, max-age=60';

interface Article {
  readonly id: string;
  readonly slug: string;
}

const server = TestServer.forSuite();
let org: TestOrg;
let client: Client;
let centerId: string;
let category_id: string;
/** A domain belongs to one org, and all orgs of the file share a database. */
let domain: string;
let orgs = 0;
beforeEach(async () => {
  org = await server.newOrg();
  client = await server.newClient(org);
  domain = `${++orgs}.${DOMAIN}`;
  centerId = (await put().expect(201)).body.id;
  const category = client.post('/help-center/categories').send({ name: 'Booking', icon: '🎿', description: 'Before' });
  category_id = (await category.expect(201)).body.id;
});

const put = (fields: object = {}) =>
  client
    .put('/help-center')
    .send({ name: 'Acme Help', primary_language: 'en', languages: ['de', 'he'], custom_domain: domain, ...fields });
const draft = (fields: object = {}) =>
  client
    .post('/help-center/articles')
    .send({ category_id, title: 'Refunds', content: 'Within *five* days.', ...fields });
const act = (id: string, action: 'publish' | 'unpublish') =>
  client.post(`/help-center/articles/${id}/${action}`).expect(200);

async function published(fields: object = {}): Promise<Article> {
  const { body } = await draft(fields).expect(201);
  await act(body.id, 'publish');
  return body;
}

const json = (path = '', name = centerId) => server.http.get(`/public/help-centers/${name}${path}`);
const page = (path = '', name = centerId) => server.http.get(`/help/${name}${path}`);
const onDomain = (path: string) => server.http.get(path).set('Host', domain).redirects(0);
const titles = async (query: object = {}): Promise<string[]> =>
  (await json('/articles').query(query).expect(200)).body.items.map(({ title }: { title: string }) => title);

describe('a published article', () => {
  it('is JSON for everyone, by the id and the domain of its help center', async () => {
    const { slug } = await published({ description: 'Money back', meta_title: 'Refunds, fast' });
    const article = {
      slug,
      title: 'Refunds',
      description: 'Money back',
      content: 'Within *five* days.',
      language: 'en',
      category: { slug: 'booking', name: 'Booking', description: 'Before', icon: '🎿' },
      translations: [],
      meta_title: 'Refunds, fast',
      meta_description: null,
      published_at: expect.stringMatching(/Z$/),
      updated_at: expect.stringMatching(/Z$/),
    };
    const { body, headers } = await json(`/articles/${slug}`).expect(200);
    expect(body).toEqual(article);
    expect(headers).toMatchObject({ 'cache-control': MAX_AGE, 'access-control-allow-origin': '*' });
    expect((await json(`/articles/${slug}`, domain.toUpperCase()).expect(200)).body).toEqual(article);
    const { content: _, meta_title: __, meta_description: ___, translations: ____, ...summary } = article;
    const list = (await json('/articles').expect(200)).body;
    expect(list).toEqual({ items: [{ ...summary, category: 'booking' }], next: null });
    expect((await json().expect(200)).body).toEqual({
      id: centerId,
      name: 'Acme Help',
      description: null,
      primary_language: 'en',
      languages: ['en', 'de', 'he'],
      custom_domain: domain,
      categories: [article.category],
    });
  });

  it('is a page with its Markdown, and no script', async () => {
    const content = [
      '# First\n\n### Third\n\n**Bold** <script>alert(1)</script> <img src=x onerror=alert(1)>',
      '[home](https://acme.example) [bad](javascript:alert(1)) ![A map](https://acme.example/map.png)',
      '| Day | Price |\n| --- | --- |\n| 1 | 5 |',
    ].join('\n\n');
    const { slug } = await published({ title: 'A & <b>', content, meta_description: 'All "about" it' });
    const { text, headers } = await page(`/${slug}`).expect(200);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': MAX_AGE,
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-[^']{44}'; img-src 'self' https:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'$/,
      ),
    });
    for (const part of [
      '<html lang="en">',
      '<title>A &#38; &#60;b&#62; · Acme Help</title>',
      '<meta name="description" content="All &#34;about&#34; it">',
      `<link rel="canonical" href="https://${domain}/articles/${slug}">`,
      '<h1>A &#38; &#60;b&#62;</h1>',
      '<h2>First</h2>',
      '<h4>Third</h4>',
      '<strong>Bold</strong> &lt;script&gt;',
      '<a href="https://acme.example">home</a> [bad](javascript:alert(1))',
      '<img src="https://acme.example/map.png" alt="A map">',
      '<td>5</td>',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toMatch(/<script|<img src=x/);
  });

  it('has an ETag, which changes with it', async () => {
    const { id, slug } = await published();
    for (const get of [
      () => json(`/articles/${slug}`),
      () => page(`/${slug}`),
      () => page(),
      () => json('/articles'),
    ]) {
      const { headers } = await get().expect(200);
      const etag = headers['etag'] as string;
      const again = await get().set('If-None-Match', etag).expect(304);
      expect(again.headers).toMatchObject({ etag, 'cache-control': MAX_AGE });
      await client
        .patch(`/help-center/articles/${id}`)
        .send({ title: `Refunds ${etag.slice(3, 9)}` })
        .expect(200);
      expect((await get().set('If-None-Match', etag).expect(200)).headers['etag']).not.toBe(etag);
    }
    const answer = await json(`/articles/${slug}`).expect(200);
    await client.patch(`/help-center/articles/${id}`).send({ content: 'Within six days.' }).expect(200);
    expect((await page(`/${slug}`).expect(200)).text).toContain('Within six days.');
    await json(`/articles/${slug}`)
      .set('If-None-Match', answer.headers['etag'] as string)
      .expect(200);
  });

  it('is gone at once from every route when it is unpublished, and its page may not be kept', async () => {
    const { id, slug } = await published();
    await act(id, 'unpublish');
    const { text, headers } = await page(`/${slug}`).expect(404);
    expect(text).toContain('<h1>Page not found</h1>');
    expect(text).toContain(`<a href="/help/${centerId}">Acme Help</a>`);
    expect(headers['cache-control']).toBe('no-store');
    await onDomain(`/articles/${slug}`).expect(404);
    const missing = { statusCode: 404, message: 'Article not found', error: 'Not Found', code: 'not_found' };
    expect((await json(`/articles/${slug}`).expect(404)).body).toEqual(missing);
    expect(await titles()).toEqual([]);
    expect((await page().expect(200)).text).toContain('No articles are published yet.');
  });

  it('takes its whole page to render at most, else is shown as it was written', async () => {
    const link = `[a]: https://acme.example/${'x'.repeat(2_000)}\n\n`;
    const { slug } = await published({ content: link + '[a] '.repeat(10_000) });
    const { text } = await page(`/${slug}`).expect(200);
    expect(text).toContain('<pre tabindex="0">[a]: https://acme.example/');
  });
});

it('drafts, unknown help centers and those of archived orgs are 404', async () => {
  const { slug } = (await draft().expect(201)).body as Article;
  const unknown = ['x', UNKNOWN_ID, 'other.example', '127.0.0.1'];
  for (const name of unknown) {
    expect((await json('', name).expect(404)).body.message).toBe('Help center not found');
    await json('/articles', name).expect(404);
    await page('', name).expect(404);
    await page(`/${slug}`, name).expect(404);
  }
  await json(`/articles/${slug}`).expect(404);
  await page(`/${slug}`).expect(404);
  await json('/articles?status=draft').expect(400);
  await json().expect(200);
  await server.owner.query('UPDATE orgs SET archived_at = now() WHERE id = $1', [org.id]);
  await page().expect(404);
  await onDomain('/articles').expect(404);
  await until('what was read before is dropped', async () => (await json()).status === 404);
});

describe('languages', () => {
  it('of an article are those of the help center, and its translations are linked', async () => {
    const { id, slug } = await published();
    const german = await published({ title: 'Erstattung', language: 'de', translation_of: id });
    const { body } = await draft({ title: 'החזרים', language: 'he', translation_of: german.id }).expect(201);
    expect(body).toMatchObject({ language: 'he', translation_of: id });
    const translations = async (name: string) => (await json(`/articles/${name}`).expect(200)).body.translations;
    const inGerman = { language: 'de', slug: 'erstattung', title: 'Erstattung' };
    expect(await translations(slug)).toEqual([inGerman]);
    await act(body.id, 'publish');
    expect(await translations(slug)).toEqual([inGerman, { language: 'he', slug: body.slug, title: 'החזרים' }]);
    expect((await translations(german.slug)).map(({ language }: { language: string }) => language)).toEqual([
      'en',
      'he',
    ]);
    const { text } = await page(`/${body.slug}`).expect(200);
    expect(text).toContain('<html lang="he" dir="rtl">');
    expect(text).toContain(`<a href="/help/${centerId}/erstattung" hreflang="de" lang="de">Deutsch</a>`);
    expect(text).toContain(`<link rel="alternate" hreflang="en" href="https://${domain}/articles/refunds">`);
  });

  it('that an article has already, or that the help center lacks, are refused', async () => {
    const { id } = await published();
    const german = { title: 'Erstattung', language: 'de', translation_of: id };
    expect((await draft({ ...german, language: 'fr' }).expect(400)).body.message).toBe(
      "language must be one of the help center's: en, de, he",
    );
    const taken = { statusCode: 409, message: 'Article with this language already exists', code: 'taken' };
    expect((await draft({ ...german, language: 'en' }).expect(409)).body).toEqual(taken);
    const made = await Promise.all(Array.from({ length: 4 }, () => draft(german)));
    expect(made.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409]);
    expect(made.find(({ status }) => status === 409)!.body).toEqual(taken);
    for (const translation_of of [UNKNOWN_ID, 'x', (await foreignArticle()).id]) {
      expect((await draft({ ...german, translation_of }).expect(404)).body.message).toBe('Article not found');
    }
    expect((await client.delete(`/help-center/articles/${id}`).expect(409)).body.message).toBe(
      'Article is used by a translation',
    );
  });

  it('fall back to the primary language, in the list and on the page', async () => {
    const { id } = await published();
    await published({ title: 'Parking' });
    await published({ title: 'Nur deutsch', language: 'de' });
    const german = await published({ title: 'Erstattung', language: 'de', translation_of: id });
    expect(await titles()).toEqual(['Erstattung', 'Nur deutsch', 'Parking', 'Refunds']);
    expect(await titles({ language: 'en' })).toEqual(['Parking', 'Refunds']);
    expect(await titles({ language: 'de' })).toEqual(['Erstattung', 'Nur deutsch', 'Parking']);
    expect(await titles({ language: 'fr' })).toEqual(['Parking', 'Refunds']);
    expect(await titles({ language: 'de', category: 'booking' })).toHaveLength(3);
    expect(await titles({ category: 'other' })).toEqual([]);
    const first = (await json('/articles?language=de&limit=2').expect(200)).body;
    expect(await titles({ language: 'de', limit: 2, cursor: first.next })).toEqual(['Parking']);
    const links = async (query: string) =>
      [...(await page(query).expect(200)).text.matchAll(/<li><a href="[^"?]*"[^>]*>([^<]*)</g)].map(
        ([, title]) => title,
      );
    expect(await links('?language=de')).toEqual(['Parking', 'Nur deutsch', 'Erstattung']);
    expect(await links('')).toEqual(['Refunds', 'Parking']);
    expect(await links('?language=fr')).toEqual(['Refunds', 'Parking']);
    await act(german.id, 'unpublish');
    expect(await titles({ language: 'de' })).toEqual(['Nur deutsch', 'Parking', 'Refunds']);
  });

  it('that the help center no longer has are not public', async () => {
    const { id, slug } = await published();
    const german = await published({ title: 'Erstattung', language: 'de', translation_of: id });
    await put({ languages: [] }).expect(200);
    await json(`/articles/${german.slug}`).expect(404);
    await page(`/${german.slug}`).expect(404);
    expect(await titles({ language: 'de' })).toEqual(['Refunds']);
    expect((await json(`/articles/${slug}`).expect(200)).body.translations).toEqual([]);
    await put().expect(200);
    expect(await titles({ language: 'de' })).toEqual(['Erstattung']);
  });
});

describe('a custom domain', () => {
  it('has the pages of its help center under its Host', async () => {
    const { slug } = await published();
    expect((await onDomain('/').expect(303)).headers['location']).toBe('/articles');
    for (const host of [domain, `${domain.toUpperCase()}:8443`]) {
      const home = await server.http.get('/articles').set('Host', host).expect(200);
      expect(home.text).toContain(`<a href="/articles/${slug}" lang="en">Refunds</a>`);
      const article = await server.http.get(`/articles/${slug}`).set('Host', host).expect(200);
      expect(article.text).toContain('<h1>Refunds</h1>');
    }
    expect((await server.http.get('/').expect(200)).body.name).toBe('Gatehouse');
    await server.http.get('/').set('Host', 'other.example').expect(200);
    await server.http.get('/articles').expect(404);
    await server.http.get(`/articles/${slug}`).set('Host', 'other.example').expect(404);
  });

  it('can be left out, and the pages are on the host of the server only', async () => {
    const { slug } = await published();
    await put({ custom_domain: null }).expect(200);
    await onDomain('/').expect(200);
    await onDomain(`/articles/${slug}`).expect(404);
    const { text } = await page(`/${slug}`).expect(200);
    expect(text).toContain(`<link rel="canonical" href="${PUBLIC_URL}/help/${centerId}/${slug}">`);
  });

  it('belongs to one org, and is no host of the server', async () => {
    const other = await server.newClient();
    const theirs = other.put('/help-center').send({ name: 'B', primary_language: 'en', custom_domain: domain });
    expect((await theirs.expect(409)).body.message).toBe('Help center with this custom_domain already exists');
    await other.get('/help-center').expect(404);
    const own = await put({ custom_domain: new URL(PUBLIC_URL).hostname }).expect(400);
    expect(own.body.message).toBe('custom_domain must not be a host of this server');
  });
});

async function foreignArticle(): Promise<Article> {
  const other = await server.newClient();
  await other.put('/help-center').send({ name: 'B', primary_language: 'en' }).expect(201);
  const category = (await other.post('/help-center/categories').send({ name: 'B' }).expect(201)).body.id;
  const article = { category_id: category, title: 'B', content: 'B' };
  return (await other.post('/help-center/articles').send(article).expect(201)).body;
}
