import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CrawlPages } from '../../src/resources/knowledge/crawl/crawl-pages.service.js';
import { CrawlSchedule } from '../../src/resources/knowledge/crawl/crawl-schedule.js';
import { CrawlSteps } from '../../src/resources/knowledge/crawl/crawl-steps.service.js';
import { type Client, type TestOrg, TestServer } from '../support/start-app.js';
import { StubServer } from '../support/stub-server.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';
import { until } from '../support/until.js';
import { answering, endless, redirectTo, slow, Website } from '../support/website.js';

let server: TestServer;
/** The site that may be crawled. */
let site: Website;
/** A host that must never receive a connection. */
let secret: StubServer;
let org: TestOrg;
let client: Client;
beforeAll(async () => {
  [site, secret] = await Promise.all([Website.start(), StubServer.start()]);
  server = await TestServer.start({
    // The second name is of the same server, and of another host.
    OUTBOUND_ALLOWED_HOSTS: `${site.host},${site.host.replace('127.0.0.1', 'localhost')}`,
    CRAWL_DELAY_MS: '0',
    CRAWL_PAGE_TIMEOUT_SECONDS: '3',
  });
});
afterAll(async () => {
  await server.close();
  await Promise.all([site.close(), secret.close()]);
  expect(secret.connections).toBe(0);
});
beforeEach(async () => {
  site.clear();
  org = await server.newOrg();
  client = await server.newClient(org);
});

interface ShownJob {
  readonly id: string;
  readonly status: string;
  readonly [field: string]: unknown;
}
interface ShownPage {
  readonly url: string;
  readonly status: string;
  readonly title: string | null;
  readonly error_message: string | null;
  readonly last_synced_at: string | null;
}

async function add(fields: object = {}): Promise<string> {
  const { body } = await client
    .post('/crawl')
    .send({ url: site.at('/'), ...fields })
    .expect(201);
  return (body as { id: string }).id;
}
const read = async (id: string) => (await client.get(`/crawl/${id}`).expect(200)).body;
const jobsOf = async (id: string) =>
  ((await client.get(`/crawl/${id}/crawls`).expect(200)).body as { items: ShownJob[] }).items;
const start = (id: string) => client.post(`/crawl/${id}/crawls`);

async function pagesOf(id: string, query = ''): Promise<ShownPage[]> {
  const pages: ShownPage[] = [];
  let next: string | null = null;
  do {
    const path = `/crawl/${id}/pages?limit=100${query}${next === null ? '' : `&cursor=${next}`}`;
    const { body } = (await client.get(path).expect(200)) as { body: { items: ShownPage[]; next: string | null } };
    pages.push(...body.items);
    next = body.next;
  } while (next !== null);
  return pages;
}
const pathsOf = async (id: string, query?: string) =>
  (await pagesOf(id, query)).map(({ url }) => url.replace(site.at(''), '')).toSorted();

/** Waits until the newest crawl has ended. */
async function crawled(id: string): Promise<ShownJob> {
  let newest: ShownJob | undefined;
  const isOver = async () => {
    [newest] = await jobsOf(id);
    return newest !== undefined && !['pending', 'scraping'].includes(newest.status);
  };
  await until('the crawl has ended', isOver, { everyMs: 100 });
  return newest!;
}
async function crawlAgain(id: string): Promise<ShownJob> {
  site.forget();
  await start(id).expect(202);
  return crawled(id);
}

describe('a crawl of a site with 200 pages', () => {
  it('reads each allowed page once, no forbidden page, and bounded parts of hostile ones', async () => {
    site.robotsTxt = 'User-agent: *\nDisallow: /private/\nDisallow: /*.cgi$\nAllow: /private/press\nCrawl-delay: 0\n';
    for (let page = 0; page < 200; page++) {
      const next = [2 * page + 1, 2 * page + 2].filter((child) => child < 200);
      const links = [...next.map((child) => `/p/${child}`), '/', `/p/${page}#top`, `./${page}?`, '/p/1/../0'];
      site.pages.set(`/p/${page}`, { title: `Page ${page}`, text: `Number${page} of many`, links });
    }
    const links = [
      '/p/0',
      '/private/',
      '/private/press',
      '/run.cgi',
      '/run.cgi?a',
      '/old',
      '/loop/a',
      '/away',
      '/inside',
      '/chain/0',
      '/large',
      '/slow',
      '/missing',
      '/broken',
      '/paper.pdf',
      '/photo.png',
      '/unlisted',
      '/notes.txt',
      '/empty',
      'mailto:sam@example.com',
      'https://elsewhere.example/',
      `http://127.0.0.1:${secret.port}/`,
    ];
    site.pages.set('/', { title: 'Home', text: 'Welcome', links });
    site.pages.set('/private/', { links: ['/private/deeper'] });
    site.pages.set('/private/press', { title: 'Press' });
    site.pages.set('/run.cgi?a', { title: 'Run' });
    site.pages.set('/old', redirectTo('/new', 301));
    site.pages.set('/new', { title: 'New' });
    site.pages.set('/loop/a', redirectTo('/loop/b'));
    site.pages.set('/loop/b', redirectTo(site.at('/loop/a')));
    site.pages.set('/away', redirectTo(`http://127.0.0.1:${secret.port}/latest/meta-data`));
    site.pages.set('/inside', redirectTo('/private/by-redirect'));
    for (let step = 0; step < 20; step++) site.pages.set(`/chain/${step}`, redirectTo(`/chain/${step + 1}`));
    site.pages.set('/large', endless(50));
    site.pages.set('/slow', slow);
    site.pages.set('/broken', answering(500));
    site.pages.set('/paper.pdf', answering(200, 'application/pdf', '%PDF-1.7'));
    site.pages.set('/photo.png', answering(200, 'image/png', 'PNG'));
    site.pages.set('/unlisted', { head: '<meta name="robots" content="noindex">', links: ['/from-unlisted'] });
    site.pages.set('/from-unlisted', { title: 'Led to', text: 'x' });
    site.pages.set('/notes.txt', answering(200, 'text/plain', 'Only some notes'));
    site.pages.set('/empty', answering(200, 'text/html', '<script>render()</script>'));

    const id = await add({ page_limit: 1_000, display_name: 'Everything' });
    expect(await crawled(id)).toEqual({
      id: expect.any(String),
      datasource_id: id,
      status: 'completed',
      started_at: expect.any(String),
      completed_at: expect.any(String),
      total_pages: 212,
      completed_pages: 212,
      new_pages: 206,
      updated_pages: 0,
      removed_pages: 0,
      unchanged_pages: 0,
      error_message: null,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });

    const pages = await pagesOf(id);
    const others = pages.filter(({ status }) => status !== 'synced');
    const said = others.map(
      ({ url, status, error_message }) => `${url.replace(site.at(''), '')} ${status}: ${error_message}`,
    );
    expect(said.toSorted()).toEqual(
      [
        '/away excluded: It leads to another host: ' + `127.0.0.1:${secret.port}.`,
        '/broken error: The server answered 500.',
        ...[0, 1, 2, 3, 4].map((step) => `/chain/${step} excluded: It leads to ${site.at(`/chain/${step + 1}`)}`),
        '/chain/5 error: It is led to by more than 5 redirects in a row.',
        '/empty excluded: It has no text.',
        `/inside excluded: It leads to ${site.at('/private/by-redirect')}`,
        '/large error: It is larger than what is read.',
        `/loop/a excluded: It leads to ${site.at('/loop/b')}`,
        `/loop/b excluded: It leads to ${site.at('/loop/a')}`,
        '/missing error: The server answered 404.',
        `/old excluded: It leads to ${site.at('/new')}`,
        '/paper.pdf error: The document is damaged.',
        '/photo.png excluded: It is no text, but image/png.',
        '/private/ excluded: robots.txt disallows it.',
        '/private/by-redirect excluded: robots.txt disallows it.',
        '/run.cgi excluded: robots.txt disallows it.',
        '/slow error: It did not answer within 3 seconds.',
        '/unlisted excluded: It asks not to be in any index.',
      ].toSorted(),
    );
    expect(new Set(pages.map(({ url }) => url)).size).toBe(pages.length);
    expect(await pathsOf(id, '&status=synced')).toEqual(
      [
        ...['/', '/from-unlisted', '/new', '/notes.txt', '/private/press', '/run.cgi?a'],
        ...Array.from({ length: 200 }, (_, page) => `/p/${page}`),
      ].toSorted(),
    );
    expect(pages.find(({ url }) => url === site.at('/p/7'))).toEqual({
      id: expect.any(String),
      url: site.at('/p/7'),
      title: 'Page 7',
      status: 'synced',
      error_message: null,
      last_synced_at: expect.any(String),
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });

    // Each allowed page was requested once, with the crawler's name; forbidden pages were not requested.
    expect(site.asked.filter((path, index) => site.asked.indexOf(path) !== index)).toEqual([]);
    expect(site.asked[0]).toBe('/robots.txt');
    expect(site.asked.filter((path) => /^\/private\/(?!press)|\.cgi$/.test(path))).toEqual([]);
    expect(new Set(site.headersSeen.map((headers) => headers['user-agent']))).toEqual(new Set(['GatehouseBot/1.0']));

    expect(await read(id)).toEqual({
      id,
      url: site.at('/'),
      display_name: 'Everything',
      status: 'active',
      page_limit: 1_000,
      exclude_paths: [],
      include_paths: [],
      crawl_interval_hours: 168,
      last_crawl_started_at: expect.any(String),
      last_crawl_completed_at: expect.any(String),
      error_message: null,
      page_stats: { total: 228, synced: 206, pending: 0, error: 6, excluded: 16 },
      active_crawl_job: null,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });

    const search = (question: string, of = org.id) =>
      server.app.get(CrawlPages).searchPages(server.database.manager, of, question, 3);
    expect((await search('Where is number117?')).map(({ url }) => url)).toContain(site.at('/p/117'));
    expect((await search('some notes'))[0]).toMatchObject({ url: site.at('/notes.txt'), text: 'Only some notes' });
    expect(await search("?! ' | &")).toEqual([]);
    expect(await search('number117', (await server.newOrg()).id)).toEqual([]);
  });
});

describe('a repeated crawl', () => {
  it('counts new, updated, unchanged and removed pages, and deletes removed ones', async () => {
    site.pages.set('/', { text: 'Home', links: ['/same', '/changed', '/gone', '/dead'] });
    site.pages.set('/same', { text: 'Same' });
    site.pages.set('/changed', { text: 'Early' });
    site.pages.set('/gone', { text: 'Gone' });
    site.pages.set('/dead', { text: 'Dead' });
    const id = await add();
    expect(await crawled(id)).toMatchObject({ status: 'completed', new_pages: 5, total_pages: 5 });
    const before = await pagesOf(id);

    site.pages.set('/', { text: 'Home', links: ['/same', '/changed', '/dead', '/new'] });
    site.pages.set('/changed', { text: 'Late' });
    site.pages.set('/new', { text: 'New' });
    site.pages.delete('/dead');
    expect(await crawlAgain(id)).toMatchObject({
      status: 'completed',
      total_pages: 5,
      completed_pages: 5,
      new_pages: 1,
      updated_pages: 1,
      unchanged_pages: 2,
      removed_pages: 2,
    });
    expect(await pathsOf(id)).toEqual(['/', '/changed', '/dead', '/new', '/same']);
    expect(await pathsOf(id, '&status=error')).toEqual(['/dead']);
    const ids = (pages: ShownPage[]) => pages.filter(({ url }) => /same|changed/.test(url)).map((page) => page);
    expect(ids(await pagesOf(id)).map((page) => (page as ShownPage & { id: string }).id)).toEqual(
      ids(before).map((page) => (page as ShownPage & { id: string }).id),
    );
    const search = (word: string) => server.app.get(CrawlPages).searchPages(server.database.manager, org.id, word, 5);
    expect(await search('early')).toEqual([]);
    expect(await search('dead')).toEqual([]);
    expect(await search('late')).toMatchObject([{ url: site.at('/changed') }]);
  });

  it('keeps the text of an unreadable page, and the pages that only it links to', async () => {
    site.pages.set('/', { text: 'Home', links: ['/hub'] });
    site.pages.set('/hub', { text: 'Hub', links: ['/leaf'] });
    site.pages.set('/leaf', { text: 'Leaf', links: ['/twig'] });
    site.pages.set('/twig', { text: 'Twig' });
    const id = await add();
    expect(await crawled(id)).toMatchObject({ new_pages: 4 });
    site.pages.set('/hub', answering(503));
    expect(await crawlAgain(id)).toMatchObject({ status: 'completed', unchanged_pages: 3, removed_pages: 0 });
    expect(await pathsOf(id, '&status=error')).toEqual(['/hub']);
    const found = await server.app.get(CrawlPages).searchPages(server.database.manager, org.id, 'hub twig', 5);
    expect(found.map(({ url }) => url).toSorted()).toEqual([site.at('/hub'), site.at('/twig')]);
  });

  it('waits for Retry-After, and then requests the same page', async () => {
    site.pages.set('/', { text: 'Home', links: ['/busy', '/other'] });
    site.pages.set('/other', { text: 'Other' });
    let asked = 0;
    site.pages.set('/busy', (response) => {
      if (asked++ === 0) response.writeHead(429, { 'retry-after': '1' }).end();
      else answering(200, 'text/html', 'Ready')(response);
    });
    const id = await add();
    expect(await crawled(id)).toMatchObject({ status: 'completed', new_pages: 3, completed_pages: 3 });
    expect(site.asked).toEqual(['/robots.txt', '/sitemap.xml', '/', '/busy', '/busy', '/other']);
  });

  it('fails with a reason for an unreachable site, and keeps its pages', async () => {
    site.pages.set('/', { text: 'Home', links: ['/a'] });
    site.pages.set('/a', { text: 'A' });
    const id = await add();
    await crawled(id);
    site.pages.set('/', answering(500));
    const failed = await crawlAgain(id);
    expect(failed).toMatchObject({ status: 'failed', error_message: `${site.at('/')}: The server answered 500.` });
    expect(await read(id)).toMatchObject({
      error_message: failed['error_message'],
      page_stats: { total: 2, pending: 0 },
    });
    site.pages.set('/robots.txt', answering(503));
    expect(await crawlAgain(id)).toMatchObject({
      status: 'failed',
      error_message: 'Without robots.txt nothing may be read. The server answered 503.',
    });
    expect(await pathsOf(id)).toEqual(['/', '/a']);
    site.pages.delete('/robots.txt');
    site.pages.set('/', { text: 'Home', links: ['/a'] });
    expect(await crawlAgain(id)).toMatchObject({ status: 'completed', unchanged_pages: 2 });
    expect(await read(id)).toMatchObject({ error_message: null });
  });
});

describe('the pages of a crawl', () => {
  it('are at most the limit, those nearest to the start first', async () => {
    site.pages.set('/', { text: 'Home', links: ['/1', '/2', '/3'] });
    for (const page of [1, 2, 3]) site.pages.set(`/${page}`, { text: `Page ${page}`, links: [`/${page}/deep`] });
    const id = await add({ page_limit: 3 });
    expect(await crawled(id)).toMatchObject({ status: 'completed', total_pages: 3, new_pages: 3 });
    expect(await pathsOf(id)).toEqual(['/', '/1', '/2']);
    await client.patch(`/crawl/${id}`).send({ page_limit: 2 }).expect(200);
    expect(await crawlAgain(id)).toMatchObject({ unchanged_pages: 2, removed_pages: 1 });
    expect(await pathsOf(id)).toEqual(['/', '/1']);
  });

  it('follow include_paths and exclude_paths, which take precedence; the start page is read for its links', async () => {
    const paths = ['/docs/a', '/docs/old/b', '/docs/old/keep', '/blog/2026/x', '/blog/2026/x.html', '/shop', '/über'];
    site.pages.set('/', { text: 'Home', links: paths });
    for (const path of paths) site.pages.set(encodeURI(path), { text: path });
    const id = await add({
      include_paths: ['/docs', '/blog/*/x$', '/über', '/docs/old/keep'],
      exclude_paths: ['/docs/old'],
    });
    expect(await crawled(id)).toMatchObject({ status: 'completed', new_pages: 3 });
    expect(await pathsOf(id, '&status=synced')).toEqual([encodeURI('/über'), '/blog/2026/x', '/docs/a'].toSorted());
    const out = await pagesOf(id, '&status=excluded');
    expect(out.map(({ url }) => url.replace(site.at(''), '')).toSorted()).toEqual(
      ['/', '/blog/2026/x.html', '/docs/old/b', '/docs/old/keep', '/shop'].toSorted(),
    );
    expect(new Set(out.map(({ error_message }) => error_message))).toEqual(
      new Set(['include_paths or exclude_paths leave it out.']),
    );
    expect(site.asked.toSorted()).toEqual(
      ['/', '/robots.txt', '/sitemap.xml', '/docs/a', '/blog/2026/x', encodeURI('/über')].toSorted(),
    );
    await client
      .patch(`/crawl/${id}`)
      .send({ exclude_paths: ['/docs'] })
      .expect(200);
    expect(await crawlAgain(id)).toMatchObject({ unchanged_pages: 2, removed_pages: 1, total_pages: 2 });
    expect(await pathsOf(id, '&status=excluded')).toContain('/docs/a');
  });

  it('are on public addresses only', async () => {
    const id = await add({ url: `http://127.0.0.1:${secret.port}/` });
    expect(await crawled(id)).toMatchObject({
      status: 'failed',
      error_message: 'Without robots.txt nothing may be read. It could not be reached on the public internet.',
    });
  });

  it('exclude sites that robots.txt forbids, and redirects to another host', async () => {
    site.robotsTxt = 'User-agent: GatehouseBot\nDisallow: /\n\nUser-agent: *\nAllow: /\n';
    site.pages.set('/', redirectTo(`http://localhost:${secret.port}/`));
    const id = await add();
    expect(await crawled(id)).toMatchObject({
      status: 'failed',
      error_message: `${site.at('/')}: robots.txt disallows it.`,
    });
    expect(site.asked).toEqual(['/robots.txt']);
    site.robotsTxt = undefined;
    expect(await crawlAgain(id)).toMatchObject({
      status: 'failed',
      error_message: `${site.at('/')}: It leads to another host: localhost:${secret.port}.`,
    });
  });
});

describe('sitemaps', () => {
  const sitemap = (...paths: string[]) =>
    answering(
      200,
      'application/xml',
      `<urlset>${paths.map((path) => `<url><loc>${path}</loc></url>`).join('')}</urlset>`,
    );
  const index = (...urls: string[]) =>
    answering(
      200,
      'text/xml',
      `<sitemapindex>${urls.map((url) => `<sitemap><loc>${url}</loc></sitemap>`).join('')}</sitemapindex>`,
    );
  const listed = (...paths: string[]) => paths.map((path) => site.at(path));

  it('of robots.txt and of indexes lead to pages of the site that no page links to', async () => {
    const named = [site.at('/index.xml'), site.at('/elsewhere.xml').replace('127.0.0.1', 'localhost')];
    site.robotsTxt = `User-agent: *\nDisallow: /private\n${named.map((url) => `Sitemap: ${url}\n`).join('')}`;
    site.pages.set(
      '/index.xml',
      index(...listed('/one.xml', '/two.xml.gz', '/index.xml', '/private/map.xml', '/gone.xml')),
    );
    site.pages.set(
      '/one.xml',
      sitemap(...listed('/', '/a', '/private/x'), `http://127.0.0.1:${secret.port}/b`, 'mailto:sam@acme.example'),
    );
    const packed = gzipSync(`<urlset><url><loc>${site.at('/b')}</loc></url></urlset>`);
    site.pages.set('/two.xml.gz', (response) => {
      response.writeHead(200, { 'content-type': 'application/gzip' }).end(packed);
    });
    for (const path of ['/', '/a', '/b']) site.pages.set(path, { text: path });
    const id = await add();
    expect(await crawled(id)).toMatchObject({ status: 'completed', total_pages: 3, new_pages: 3 });
    expect(await pathsOf(id, '&status=synced')).toEqual(['/', '/a', '/b']);
    expect(await pagesOf(id, '&status=excluded')).toMatchObject([
      { url: site.at('/private/x'), error_message: 'robots.txt disallows it.' },
    ]);
    const files = ['/index.xml', '/one.xml', '/two.xml.gz', '/gone.xml'];
    expect(site.asked).toEqual(['/robots.txt', ...files, '/', '/a', '/b']);
  });

  it('at /sitemap.xml are read without a line in robots.txt, also by a redirect, within page_limit', async () => {
    site.pages.set('/sitemap.xml', redirectTo('/map.xml', 301));
    site.pages.set('/map.xml', sitemap(...listed('/a', '/b', '/c')));
    for (const path of ['/', '/a', '/b', '/c']) site.pages.set(path, { text: path });
    const id = await add({ page_limit: 3 });
    expect(await crawled(id)).toMatchObject({ status: 'completed', total_pages: 3, new_pages: 3 });
    expect(await pathsOf(id)).toEqual(['/', '/a', '/b']);
    expect(site.asked).toEqual(['/robots.txt', '/sitemap.xml', '/map.xml', '/', '/a', '/b']);
  });

  it('that cannot be read keep their pages, and those that are gone lose them', async () => {
    site.pages.set('/', { text: 'Home' });
    site.pages.set('/a', { text: 'A' });
    site.pages.set('/sitemap.xml', sitemap(...listed('/a')));
    const id = await add();
    expect(await crawled(id)).toMatchObject({ new_pages: 2 });
    const noGzip = (response: ServerResponse) => void response.end(Buffer.from('1f8b08', 'hex'));
    for (const broken of [answering(503), endless(50), noGzip]) {
      site.pages.set('/sitemap.xml', broken);
      expect(await crawlAgain(id)).toMatchObject({ status: 'completed', unchanged_pages: 2, removed_pages: 0 });
    }
    site.pages.delete('/sitemap.xml');
    expect(await crawlAgain(id)).toMatchObject({ status: 'completed', unchanged_pages: 1, removed_pages: 1 });
    expect(await pathsOf(id)).toEqual(['/']);
  });

  it('are at most 50 files', async () => {
    site.pages.set('/', { text: 'Home' });
    for (let file = 0; file < 60; file++) site.pages.set(`/${file}.xml`, index(...listed(`/${file + 1}.xml`)));
    site.pages.set('/sitemap.xml', index(...listed('/0.xml')));
    expect(await crawled(await add())).toMatchObject({ status: 'completed', total_pages: 1 });
    expect(site.asked.filter((path) => path.endsWith('.xml'))).toHaveLength(50);
  });
});

it('the text of a PDF is read, and found, unless its headers exclude it', async () => {
  const content = readFileSync('test/fixtures/invoice.pdf');
  const pdf = (headers: object) => (response: ServerResponse) =>
    void response.writeHead(200, { 'content-type': 'application/pdf', ...headers }).end(content);
  site.pages.set('/', { text: 'Home', links: ['/files/price%20list.pdf', '/hidden.pdf'] });
  site.pages.set('/files/price%20list.pdf', pdf({}));
  site.pages.set('/hidden.pdf', pdf({ 'x-robots-tag': 'noindex' }));
  const id = await add();
  expect(await crawled(id)).toMatchObject({ status: 'completed', new_pages: 2 });
  const pages = server.app.get(CrawlPages);
  expect(await pages.searchPages(server.database.manager, org.id, 'glacier walk', 5)).toMatchObject([
    { title: 'price list.pdf', text: expect.stringContaining('AT-2026-0315') },
  ]);
  expect(await pathsOf(id, '&status=excluded')).toEqual(['/hidden.pdf']);
  expect(await crawlAgain(id)).toMatchObject({ unchanged_pages: 2 });
});

describe('a datasource', () => {
  it('has a unique URL, in every spelling', async () => {
    site.pages.set('/', { text: 'Home' });
    const { body } = await client
      .post('/crawl')
      .send({ url: `HTTP://127.0.0.1:0${site.host.split(':')[1]}/a/../?#top`, auto_start_crawl: false })
      .expect(201);
    expect(body).toEqual({
      id: expect.any(String),
      url: site.at('/'),
      display_name: '127.0.0.1',
      status: 'active',
      page_limit: 100,
      exclude_paths: [],
      include_paths: [],
      crawl_interval_hours: 168,
      last_crawl_started_at: null,
      last_crawl_completed_at: null,
      error_message: null,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    const { id } = body as { id: string };
    expect(await jobsOf(id)).toEqual([]);
    const taken = await client
      .post('/crawl')
      .send({ url: site.at('/#x') })
      .expect(409);
    expect(taken.body).toEqual({ statusCode: 409, message: 'Datasource with this url already exists', code: 'taken' });
    const patched = await client
      .patch(`/crawl/${id}`)
      .send({ display_name: 'Site', page_limit: null, crawl_interval_hours: null, include_paths: ['/a'] })
      .expect(200);
    expect(patched.body).toMatchObject({
      display_name: 'Site',
      page_limit: null,
      crawl_interval_hours: null,
      include_paths: ['/a'],
      exclude_paths: [],
    });
    for (const wrong of [
      { url: 'https://example.com' },
      { display_name: null },
      { page_limit: 0 },
      { page_limit: 5_001 },
      { exclude_paths: null },
      { exclude_paths: ['docs'] },
      { exclude_paths: ['/a\nUser-agent: *'] },
      { include_paths: ['/a#b'] },
      { include_paths: [1] },
      { crawl_interval_hours: 23 },
      { status: 'archived' },
      { auto_start_crawl: false },
    ]) {
      await client.patch(`/crawl/${id}`).send(wrong).expect(400);
    }
    for (const url of ['example.com', 'ftp://example.com/', 'https://sam:secret@example.com/']) {
      await client.post('/crawl').send({ url }).expect(400);
    }
  });

  it('of another org is 404', async () => {
    const id = await add({ auto_start_crawl: false });
    const { key } = await server.newOrgKey(await server.newOrg());
    const neighbour = server.as(key);
    for (const of of [id, UNKNOWN_ID, 'x']) {
      for (const request of [
        neighbour.get(`/crawl/${of}`),
        neighbour.patch(`/crawl/${of}`).send({ status: 'paused' }),
        neighbour.delete(`/crawl/${of}`),
        neighbour.post(`/crawl/${of}/crawls`),
        neighbour.get(`/crawl/${of}/crawls`),
        neighbour.get(`/crawl/${of}/pages`),
      ]) {
        expect((await request.expect(404)).body).toMatchObject({ message: 'Datasource not found' });
      }
    }
    await client.get(`/crawl/${id}/pages?status=gone`).expect(400);
  });

  it('has one crawl at a time, and none while paused', async () => {
    site.pages.set('/', { text: 'Home', links: ['/slow', '/after'] });
    site.pages.set('/slow', slow);
    site.pages.set('/after', { text: 'After' });
    const id = await add({ auto_start_crawl: false });
    const answers = await Promise.all(Array.from({ length: 5 }, () => start(id)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 409, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 409)!.body).toEqual({
      statusCode: 409,
      message: 'The datasource is already being crawled.',
      code: 'crawl_under_way',
    });
    await until('it is in the middle', () => site.asked.includes('/slow'));
    const { page_stats, active_crawl_job } = await read(id);
    expect(page_stats).toEqual({ total: 3, synced: 1, pending: 2, error: 0, excluded: 0 });
    expect(active_crawl_job).toMatchObject({ status: 'scraping', total_pages: 3, completed_pages: 1 });

    await client.patch(`/crawl/${id}`).send({ status: 'paused' }).expect(200);
    expect(await crawled(id)).toMatchObject({
      status: 'cancelled',
      completed_pages: 1,
      completed_at: expect.any(String),
    });
    expect((await read(id)).page_stats).toMatchObject({ total: 1, pending: 0 });
    expect((await start(id).expect(409)).body).toEqual({
      statusCode: 409,
      message: 'The datasource is paused. Set its status to active first.',
      code: 'crawl_paused',
    });
    await client.patch(`/crawl/${id}`).send({ status: 'active' }).expect(200);
    site.pages.delete('/slow');
    expect(await crawlAgain(id)).toMatchObject({ status: 'completed', unchanged_pages: 1, new_pages: 1 });
    expect(await jobsOf(id)).toHaveLength(2);
  });

  it('ignores a superseded run', async () => {
    site.pages.set('/', { text: 'Home', links: ['/slow', '/after'] });
    site.pages.set('/slow', slow);
    site.pages.set('/after', { text: 'After' });
    const id = await add();
    await until('it is in the middle', () => site.asked.includes('/slow'));
    const [{ id: crawlId }] = (await jobsOf(id)) as [ShownJob];
    const run = { org_id: org.id, datasource_id: id, id: crawlId, run: 0 };
    const steps = server.app.get(CrawlSteps);
    // Simulate another process that took over the job. Only the first call may continue.
    await Promise.all([steps.handOver(run), steps.handOver(run)]);
    expect(await crawled(id)).toMatchObject({ status: 'completed', total_pages: 3, completed_pages: 3, new_pages: 2 });
    expect(site.asked).toEqual(['/robots.txt', '/sitemap.xml', '/', '/slow', '/slow', '/after']);
    await steps.fail(run, 'too late');
    expect(await jobsOf(id)).toMatchObject([{ status: 'completed', error_message: null }]);
  });

  it('stops being crawled once it is deleted or its org is archived', async () => {
    site.pages.set('/', { text: 'Home', links: ['/slow', '/after'] });
    site.pages.set('/slow', slow);
    site.pages.set('/after', { text: 'After' });
    const count = async (table: string) =>
      (await server.database.pool.query(`SELECT count(*)::int FROM ${table} WHERE org_id = $1`, [org.id])).rows[0]
        .count;
    const deleted = await add();
    await until('it is in the middle', () => site.asked.includes('/slow'));
    await client.delete(`/crawl/${deleted}`).expect(204);
    const counts = async () => [
      await count('crawl_datasources'),
      await count('crawl_jobs'),
      await count('crawl_pages'),
    ];
    expect(await counts()).toEqual([0, 0, 0]);

    const archived = await add({ url: site.at('/?again') });
    site.pages.set('/?again', { text: 'Home', links: ['/slow', '/after'] });
    await until('it is in the middle again', () => site.asked.filter((path) => path === '/slow').length === 2);
    await server.as(org.partner.key).delete(`/partner/v1/orgs/${org.id}`).expect(204);
    const sql = 'SELECT status FROM crawl_jobs WHERE datasource_id = $1';
    const isCancelled = async () => (await server.database.pool.query(sql, [archived])).rows[0].status === 'cancelled';
    await until('the crawl is cancelled', isCancelled);
    expect(site.asked).not.toContain('/after');
    expect(await counts()).toEqual([1, 1, 1]);
  });

  it('that is due is crawled once by concurrent schedulers', async () => {
    site.pages.set('/', { text: 'Home' });
    const due = await add({ auto_start_crawl: false });
    const paused = await add({ url: site.at('/?paused'), auto_start_crawl: false });
    const never = await add({ url: site.at('/?never'), auto_start_crawl: false, crawl_interval_hours: null });
    await client.patch(`/crawl/${paused}`).send({ status: 'paused' }).expect(200);
    const schedule = server.app.get(CrawlSchedule);
    await schedule.startDue();
    expect(await jobsOf(due)).toEqual([]);
    // Simulate a week without crawls.
    await server.database.pool.query(
      `UPDATE crawl_datasources SET created_at = created_at - interval '169 hours',
         next_crawl_at = next_crawl_at - interval '169 hours' WHERE org_id = $1`,
      [org.id],
    );
    await Promise.all(Array.from({ length: 4 }, () => schedule.startDue()));
    expect(await crawled(due)).toMatchObject({ status: 'completed', new_pages: 1 });
    await schedule.startDue();
    expect([(await jobsOf(due)).length, await jobsOf(paused), await jobsOf(never)]).toEqual([1, [], []]);
    // The next crawl is due from the start of the last one, also after the interval has changed.
    await client.patch(`/crawl/${due}`).send({ crawl_interval_hours: 24 }).expect(200);
    await schedule.startDue();
    expect(await jobsOf(due)).toHaveLength(1);
    await server.database.pool.query(
      `UPDATE crawl_datasources SET last_crawl_started_at = now() - interval '25 hours' WHERE id = $1`,
      [due],
    );
    await client.patch(`/crawl/${due}`).send({ crawl_interval_hours: 24 }).expect(200);
    await schedule.startDue();
    expect(await crawled(due)).toMatchObject({ status: 'completed', unchanged_pages: 1 });
  });
});
