import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import {
  type ReadPage,
  SiteReader,
  type SiteRules,
  UnreadablePage,
} from '../../src/resources/knowledge/crawl/site-reader.js';

const URL = 'https://example.com/shop/page';

const readers: SiteReader[] = [];
afterAll(() => Promise.all(readers.map((reader) => reader.close())));

function newReader(rules: Partial<SiteRules> = {}, readWithinMs?: number): SiteReader {
  const defaults = { agent: 'GatehouseBot', robotsTxt: '', includePaths: [], excludePaths: [] };
  const reader = new SiteReader({ ...defaults, origin: 'https://example.com', ...rules }, readWithinMs);
  readers.push(reader);
  return reader;
}
const ofNoRules = newReader();
const page = (html: string | Buffer, fields: Partial<ReadPage> = {}): ReadPage => {
  return { url: URL, bytes: Buffer.from(html), isHtml: true, charset: undefined, robotsTag: '', ...fields };
};
const read = (html: string | Buffer, fields?: Partial<ReadPage>) => ofNoRules.read(page(html, fields));

it('a page has its title, the lines of its main text and its links', async () => {
  const content = await read(`<!doctype html>
    <html><head><title> Opening&nbsp;hours
      &amp; prices</title><style>p { color: red }</style><script>var a = "<p>no</p>";</script></head>
    <body><header>Acme Tours</header>
      <nav><a href="/home">Home</a> <a href="#top">Top</a></nav>
      <main><h1>Opening hours</h1><p>We are <b>open</b> from <i>nine</i>
        to five.<br>Also on <a href="sundays?a=1&amp;b=2#x">Sundays</a>.</p>
        <table><tr><th>Tour</th><th>Price</th></tr><tr><td>Glacier</td><td>49&nbsp;&euro;</td></tr></table>
        <ul><li>Gloves</li><li>Boots<ul><li>Crampons</li></ul></li></ul>
        <svg><title>An icon</title></svg><button>Book now</button></main>
      <footer>Imprint <a rel="nofollow" href="/tracked">x</a> <area href="../map"></footer></body></html>`);
  expect(content).toEqual({
    title: 'Opening hours & prices',
    text: [
      'Opening hours',
      'We are open from nine to five.',
      'Also on Sundays.',
      'Tour\tPrice',
      'Glacier\t49 €',
      'Gloves',
      'Boots',
      'Crampons',
    ].join('\n'),
    links: [
      'https://example.com/home',
      'https://example.com/shop/page#top',
      'https://example.com/shop/sundays?a=1&b=2#x',
      'https://example.com/map',
    ],
    isIndexed: true,
  });
});

it('a page without a main part is read whole, links resolve against its base, and invalid ones are dropped', async () => {
  const html = '<base href="https://cdn.example/x/"><p>One<p>Two<a href="y">.</a><a href="https://[">.</a><a>.</a>';
  expect(await read(html)).toMatchObject({ title: null, text: 'One\nTwo...', links: ['https://cdn.example/x/y'] });
});

it.each([
  ['as the server says', Buffer.from('Caf\xe9', 'latin1'), 'ISO-8859-1', 'Café'],
  ['as the page says', Buffer.from('<meta charset="windows-1252">Caf\xe9 \x80', 'latin1'), undefined, 'Café €'],
  ['as its first bytes say', Buffer.from('\ufeffCafé', 'utf16le'), 'utf-8', 'Café'],
  ['of no known name', Buffer.from('Café'), 'no-such', 'Café'],
  ['that is broken', Buffer.from([0x43, 0xff, 0x00, 0x44]), 'utf-8', 'C\ufffdD'],
])('an encoding is detected: %s', async (_what, bytes, charset, text) => {
  expect((await read(bytes, { charset })).text).toBe(text);
});

it('a plain text is unchanged', async () => {
  const text = 'User <guide>\r\n\r\n  1 &amp; 2\t3 ';
  expect(await read(text, { isHtml: false })).toEqual({
    title: null,
    text: 'User <guide>\n1 &amp; 2\t3',
    links: [],
    isIndexed: true,
  });
});

it.each([
  ['<meta name="ROBOTS" content="noindex">', '', false, 1],
  ['<meta name="robots" content="nofollow, noarchive">', '', true, 0],
  ['<meta name="gatehousebot" content="none">', '', false, 0],
  ['<meta name="otherbot" content="none">', '', true, 1],
  ['', 'noindex', false, 1],
  ['', 'NoIndex , nofollow', false, 0],
  ['', 'max-image-preview:none, max-snippet: 20', true, 1],
  ['<meta name="robots" content="max-image-preview:none">', '', true, 1],
  ['<meta name="robots" content="index,nofollow-images noindex">', '', false, 1],
  ['', 'otherbot: noindex, nofollow', true, 1],
  ['', 'otherbot: none, gatehousebot: nofollow', true, 0],
  ['', 'nofollow, otherbot: noindex', true, 0],
  ['', 'unavailable_after: Friday, 01-Jan-2100 15:00:00 GMT, noindex', false, 1],
  ['', 'do-noindex, my-none', true, 1],
])('robots directives %j and the header %j are followed', async (head, robotsTag, isIndexed, links) => {
  const content = await read(`${head}<a href="/a">x</a>`, { robotsTag });
  expect([content.isIndexed, content.links.length]).toEqual([isIndexed, links]);
});

it('pages excluded by robots.txt and by paths are told apart', async () => {
  const robotsTxt =
    'User-agent: *\nDisallow: /\n\nUser-agent: gatehousebot\nDisallow: /a\nAllow: /a/b$\nCrawl-delay: 7\nSitemap: https://example.com/map.xml\n';
  const rules = { robotsTxt, includePaths: ['/a', '/c'], excludePaths: ['/c/*.pdf$', '*?print'] };
  const paths = ['/a', '/a/b', '/a/b/c', '/b', '/c', '/c/x.pdf', '/c/x.pdf?a', '/c/x?print=1'];
  const reader = newReader(rules);
  expect(await reader.match(paths.map((path) => `http://example.com${path}`))).toEqual([
    ...['disallowed', 'wanted', 'disallowed', 'left out', 'wanted', 'left out', 'wanted', 'left out'],
  ]);
  expect(await reader.settings()).toEqual({ crawlDelaySeconds: 7, sitemaps: ['https://example.com/map.xml'] });
});

it('a sitemap has its pages, an index its sitemaps, also by gzip', async () => {
  const urls =
    '<url><loc> https://example.com/a?b&amp;c </loc><image:image><image:loc>x</image:loc></image:image></url>';
  const sitemap = `<?xml version="1.0"?><urlset><loc>no</loc>${urls}<url><loc><![CDATA[/d]]></loc></url></urlset>`;
  const pages = ['https://example.com/a?b&c', '/d'];
  for (const bytes of [Buffer.from(sitemap), gzipSync(sitemap), Buffer.from(`\ufeff${sitemap}`, 'utf16le')]) {
    expect(await ofNoRules.readSitemap(bytes)).toEqual({ pages, sitemaps: [] });
  }
  const index = '<sitemapindex><sitemap><loc>/1.xml</loc></sitemap><sitemap><loc>/2.xml</loc></sitemap></sitemapindex>';
  expect(await ofNoRules.readSitemap(Buffer.from(index))).toEqual({ pages: [], sitemaps: ['/1.xml', '/2.xml'] });
  expect(await ofNoRules.readSitemap(Buffer.from('<html><p>Not found'))).toEqual({ pages: [], sitemaps: [] });
  const large = gzipSync(Buffer.alloc(51 * 1024 * 1024, ' '));
  for (const bad of [large, large.subarray(0, 100)]) {
    await expect(ofNoRules.readSitemap(bad)).rejects.toThrow('It cannot be read.');
  }
});

it('a page or robots.txt that takes too long ends its thread, and the next page is read', async () => {
  const nested = '<b>'.repeat(700_000) + '<i></u></s></q>'.repeat(150_000);
  const slow = newReader({}, 1_000);
  await expect(slow.read(page(nested))).rejects.toThrow(UnreadablePage);
  expect((await slow.read(page('<p>Next'))).text).toBe('Next');

  const robotsTxt = `User-agent: *\n${`Disallow: /${'*a'.repeat(400)}b\n`.repeat(500)}`;
  const judging = newReader({ robotsTxt }, 1_000);
  await expect(judging.match([`https://example.com/${'a'.repeat(2_000)}`])).rejects.toThrow(
    'It takes too long to read.',
  );
  expect(await judging.match(['https://example.com/'])).toEqual(['wanted']);
});

it('the text of a page is cut at the size that can be searched', async () => {
  const { text, title, links } = await read(
    `<title>${'t'.repeat(1_000)}</title>${'<a href="/x">x</a> '.repeat(3_000)}${'\u{1f600}'.repeat(300_000)}`,
  );
  expect([text.length <= 100_000, text.isWellFormed(), title!.length, links.length]).toEqual([true, true, 300, 1]);
});
