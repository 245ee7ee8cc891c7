import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { generate, openNewKey, store } from './support/new-key.js';
import { peopleOfThisFile } from './support/people.js';

const people = peopleOfThisFile();

const FIRST_LOAD_BYTES_MAX = 250_000;

const get = (path: string, headers: Record<string, string> = {}) => fetch(people.url + path, { headers });

async function assetNames(): Promise<string[]> {
  const page = await (await get('/dashboard/')).text();
  return [...new Set(Array.from(page.matchAll(/"\/dashboard\/(assets\/[^"]+)"/g), ([, name]) => name!))];
}

describe('a secret', () => {
  it('is in no storage, address, page or cache of the browser once its dialog is closed', async () => {
    const page = await people.arrive(people.orgId);
    await openNewKey(page, 'Forgotten');
    await page.getByLabel('contacts:read').check();
    const { key } = await generate(page);
    await page.getByRole('button', { name: 'Test now' }).click();
    await page.getByTestId('trial').waitFor();
    expect(await heapHas(page, key)).toBe(true);
    await store(page);
    await page.getByRole('heading', { level: 1, name: 'Forgotten' }).waitFor();
    const kept = await page.evaluate<string>(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, history.state, location.href])',
    );
    expect([kept.includes(key), (await page.content()).includes(key), await heapHas(page, key)]).toEqual([
      false,
      false,
      false,
    ]);
    expect(await page.evaluate('indexedDB.databases().then((all) => all.length)')).toBe(0);
  });
});

/** Whether a heap snapshot of the page contains the text. */
async function heapHas(page: Page, text: string): Promise<boolean> {
  const session = await page.context().newCDPSession(page);
  let heap = '';
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => (heap += chunk));
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.takeHeapSnapshot');
  await session.detach();
  return heap.includes(text);
}

describe('the dashboard', () => {
  it('runs only its own scripts and styles, or those with the nonce of the response', async () => {
    const [first, second] = [await get('/dashboard/'), await get('/dashboard/keys/new')];
    const policy = first.headers.get('content-security-policy')!;
    const nonce = /'nonce-([^']+)'/.exec(policy)![1]!;
    expect(policy).toBe(
      `default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; style-src 'self' 'nonce-${nonce}'; object-src 'none'`,
    );
    expect(second.headers.get('content-security-policy')).not.toBe(policy);
    const html = await first.text();
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|\son\w+=|style=/);
    expect(first.headers.get('cache-control')).toBe('no-store');
  });

  it('loads less than 250 KB until the list is visible', async () => {
    const page = await people.newPage();
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    let bytes = 0;
    session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
    await page.goto(await people.link(people.orgId));
    await page.getByRole('heading', { level: 1, name: 'API keys' }).waitFor();
    await page.waitForLoadState('networkidle');
    expect(bytes).toBeGreaterThan(FIRST_LOAD_BYTES_MAX / 2);
    expect(bytes).toBeLessThan(FIRST_LOAD_BYTES_MAX);
  });
});

describe('files of the dashboard', () => {
  it('are cacheable for a year, in the requested encoding', async () => {
    const script = (await assetNames()).find((name) => /index-.*\.js$/.test(name))!;
    const encodings = await Promise.all(
      ['br, gzip', 'gzip', 'identity'].map(async (encoding) => {
        const answer = await get(`/dashboard/${script}`, { 'Accept-Encoding': encoding });
        const text = await answer.text();
        return [answer.status, answer.headers.get('content-encoding'), answer.headers.get('vary'), text.length > 1_000];
      }),
    );
    expect(encodings).toEqual([
      [200, 'br', 'accept-encoding', true],
      [200, 'gzip', 'accept-encoding', true],
      [200, null, 'accept-encoding', true],
    ]);
    const { headers } = await get(`/dashboard/${script}`);
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('answer 304 to a client that names their ETag, and HEAD without a body', async () => {
    const path = `/dashboard/${(await assetNames())[0]!}`;
    const etag = (await get(path)).headers.get('etag')!;
    const again = await get(path, { 'If-None-Match': etag });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    const head = await fetch(people.url + path, { method: 'HEAD' });
    expect([head.status, await head.text(), head.headers.get('etag')]).toEqual([200, '', etag]);
  });

  it('cannot be read outside of their folder, and missing ones are 404', async () => {
    const [script] = await assetNames();
    const paths = [
      '/dashboard/assets/index-none.js',
      `/dashboard/${script}.br`,
      '/dashboard/assets/',
      '/dashboard/assets/..%2findex.html',
      '/dashboard/assets/..%2f..%2fsrc%2fmain.js',
      '/dashboard/..%2f..%2fpackage.json',
      '/dashboard/favicon.ico',
      '/dashboard/index.html',
      '/dashboard/.vite/manifest.json',
    ];
    const statuses = await Promise.all(paths.map(async (path) => [path, (await get(path)).status]));
    expect(statuses.filter(([path, status]) => status !== 404 && path !== '/dashboard/assets/')).toEqual([]);
  });

  it('are served without a database statement', async () => {
    const sql = `select calls from (select sum(xact_commit + xact_rollback) calls from pg_stat_database where datname = current_database()) t`;
    const script = (await assetNames())[0]!;
    const transactions = async () => {
      await people.installation.database.query('select pg_stat_clear_snapshot()');
      return Number((await people.installation.database.query<{ calls: string }>(sql)).rows[0]!.calls);
    };
    await transactions();
    const before = await transactions();
    for (let time = 0; time < 200; time++) await (await get(`/dashboard/${script}`)).arrayBuffer();
    // Background jobs of the server need fewer transactions than that.
    expect((await transactions()) - before).toBeLessThan(200);
  });
});

it.each([
  '/dashboard/keys/new',
  '/dashboard/audit?action=api_key.created',
  '/dashboard/members',
  '/dashboard/settings',
])('%s can be opened by its URL', async (path) => {
  const page = await people.arrive(people.orgId);
  await page.goto(people.url + path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await expect.poll(() => page.getByText('Page not found').count()).toBe(0);
});
