import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HttpClient } from '../support/http-client.js';
import { Installation } from '../support/installation.js';
import type { ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';
import { Website } from '../support/website.js';

const PAGES = 40;
/** The page that is being fetched when the process is killed. */
const HELD = '/p/20';

let installation: Installation;
let site: Website;
/** Open requests for the held page, answered by `answerAll`. */
const waiting = new Set<ServerResponse>();
beforeAll(async () => {
  site = await Website.start();
  for (let page = 0; page < PAGES; page++) {
    site.pages.set(`/p/${page}`, { text: `Number ${page}`, links: [`/p/${page + 1}`, `/p/${page}`, '/'] });
  }
  site.pages.set('/', { text: 'Home', links: ['/p/0'] });
  site.pages.set(HELD, (response) => {
    waiting.add(response);
    response.once('close', () => waiting.delete(response));
  });
  installation = await Installation.create();
});
afterAll(async () => {
  await installation.close();
  await site.close();
});

const startServer = () => installation.startServer({ OUTBOUND_ALLOWED_HOSTS: site.host, CRAWL_DELAY_MS: '0' });

function answerAll(): void {
  for (const response of waiting) {
    response.writeHead(200, { 'content-type': 'text/html' }).end('Held <a href="/p/21">next</a>');
  }
}

test('a crawl continues in another process after kill -9: no page twice, correct counts', async () => {
  const first = await startServer();
  const { key } = await installation.newKey(first, await installation.newOrg(first));
  const client = new HttpClient(key);
  const ask = async <T>({ url }: ServerProcess, path: string, body?: object): Promise<T> => {
    const answer = await client.ask(url, { path, ...(body && { method: 'POST', body }) });
    return JSON.parse(answer.body) as T;
  };
  const { id } = await ask<{ id: string }>(first, '/crawl', { url: site.at('/') });
  await until('it is in the middle', () => waiting.size === 1);
  const [held] = waiting;
  const second = await startServer();
  await first.kill();
  await until('the other has caught up', () => waiting.size === 1 && !waiting.has(held!));
  answerAll();
  const jobs = async () => (await ask<{ items: Record<string, unknown>[] }>(second, `/crawl/${id}/crawls`)).items;
  await until('it is completed', async () => (await jobs())[0]!['status'] === 'completed');
  // The last page links to one that does not exist.
  expect(await jobs()).toMatchObject([
    {
      total_pages: PAGES + 2,
      completed_pages: PAGES + 2,
      new_pages: PAGES + 1,
      updated_pages: 0,
      unchanged_pages: 0,
    },
  ]);
  const pages = await ask<{ items: { url: string }[] }>(second, `/crawl/${id}/pages?limit=100`);
  const all = ['/', ...Array.from({ length: PAGES + 1 }, (_, page) => `/p/${page}`)];
  expect(pages.items.map(({ url }) => url.replace(site.at(''), '')).toSorted()).toEqual(all.toSorted());
  expect(site.asked.toSorted()).toEqual(['/robots.txt', '/sitemap.xml', ...all, HELD].toSorted());
  client.close();
  await second.stop();
  expect(second.complaints).toEqual([]);
});
