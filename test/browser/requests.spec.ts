import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.js';
import { sticksOut, violationsOf } from './support/accessibility.js';
import { anHourAgo, call, logged, manage } from './support/calls.js';
import { closeByEscape, pressUntil } from './support/keyboard.js';
import { peopleOfThisFile } from './support/people.js';

const people = peopleOfThisFile();
const PHONE = { width: 390, height: 844 };
let page: Page;
/** A key with contacts:read. */
let key: { id: string; token: string };
/** The request id of a denied call an hour ago. */
let deniedId: string;

beforeAll(async () => {
  page = await people.arrive(people.orgId);
  key = await newKey('Booking engine');
  deniedId = await call(people.url, key.token, '/tags');
  await anHourAgo(people.installation, deniedId);
  const seenId = await call(people.url, key.token, '/contacts');
  await logged(people.installation, seenId);
  await people.goHome();
});

async function newKey(name: string): Promise<typeof key> {
  const made = await manage(page, 'api-keys', { name, scopes: ['contacts:read'] });
  return { id: String(made['id']), token: String(made['api_key']) };
}

const drawer = () => page.getByRole('dialog');
const rows = () => page.getByRole('table', { name: 'Requests' }).getByRole('button');

async function openRequests(search = ''): Promise<void> {
  await page.goto(`${people.url}/dashboard/requests${search}`);
  await page.getByRole('heading', { level: 1, name: 'Requests' }).waitFor();
}

async function openDenied(): Promise<void> {
  await openRequests(`?request=${deniedId}`);
  await rows().first().click();
  await drawer().getByText('Denied: missing scope').waitFor();
}

describe('why a call failed', () => {
  it('an hour ago is found from its request id in two clicks', async () => {
    page = await people.arrive(people.orgId);
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('combobox', { name: 'Search' }).waitFor();
    // Pasted from the client's log.
    await page.keyboard.insertText(`X-Request-Id: ${deniedId}`);
    await page.getByRole('option', { name: /GET \/tags.*403 Missing scope, 1 hour ago/ }).click();
    await drawer().getByText('Denied: missing scope').waitFor();
    await expect.poll(() => drawer().getByRole('alert').textContent()).toContain('tags:read');
    await drawer().getByRole('heading', { name: 'Still denied' }).waitFor();
    const guards = drawer().getByRole('list', { name: 'Guards' }).getByRole('listitem');
    await expect
      .poll(() => guards.allTextContents())
      .toEqual([
        expect.stringContaining('Authentication'),
        expect.stringContaining('Network'),
        expect.stringContaining('Partner'),
        expect.stringContaining('Rate limit'),
        expect.stringMatching(/^Denied:Scope.*tags:read/),
      ]);
  });

  it('is reproduced by the command that the drawer shows, with the key', async () => {
    page = await people.arrive(people.orgId);
    await openDenied();
    const command = (await drawer().getByRole('figure', { name: 'curl' }).locator('pre').textContent())!;
    const { stdout } = await promisify(execFile)('sh', [
      '-c',
      command.replace('curl ', 'curl -s ').replace('YOUR_KEY', key.token),
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ allowed: false, status: 403, route: { path: '/tags' } });
  });

  it('is mended from the drawer: the missing scope is added to the form, and saved', async () => {
    page = await people.arrive(people.orgId);
    const own = await newKey('To be mended');
    const requestId = await call(people.url, own.token, '/tags');
    await logged(people.installation, requestId);
    await openRequests(`?request=${requestId}`);
    await rows().first().click();
    await drawer().getByRole('button', { name: 'Grant tags:read' }).click();
    await page.getByRole('heading', { level: 1, name: 'To be mended' }).waitFor();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('The changes are in effect').waitFor();
    await openRequests(`?request=${requestId}`);
    await rows().first().click();
    await drawer().getByRole('heading', { name: 'Now allowed' }).waitFor();
  });

  it('shows a Member what would mend it, but lets only Owners and Admins do it', async () => {
    page = await people.arrive(people.orgId, { email: 'max@acmetours.example', name: 'Max', role: 'Member' });
    await openDenied();
    const grant = drawer().getByRole('button', { name: 'Grant tags:read' });
    await grant.waitFor();
    await expect.poll(() => grant.getAttribute('aria-disabled')).toBe('true');
  });
});

describe('the list of requests', () => {
  it('is filtered by chips, which are in the URL', async () => {
    page = await people.arrive(people.orgId);
    await openRequests();
    await page.getByRole('button', { name: 'Outcome' }).click();
    await page.getByRole('option', { name: 'Allowed' }).click();
    await page.getByRole('table').getByText('Missing scope').first().waitFor({ state: 'hidden' });
    await expect.poll(() => new URL(page.url()).search).toBe('?outcome=allowed');
    await page.getByRole('button', { name: 'Clear outcome' }).click();
    await page.getByRole('button', { name: 'Status' }).click();
    await page.keyboard.type('403');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('table').getByText('Missing scope').first().waitFor();
    await expect.poll(() => new URL(page.url()).search).toBe('?status=403');
    await page.getByRole('button', { name: 'IP address' }).click();
    await page.getByRole('textbox', { name: 'IP address' }).fill('203.0.113.99');
    await page.keyboard.press('Enter');
    await page.getByText('No requests match').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).first().click();
    await rows().first().waitFor();
    await expect.poll(() => new URL(page.url()).search).toBe('');
  });

  it('shows what was denied, and why, as counts over time', async () => {
    page = await people.arrive(people.orgId);
    const own = await newKey('Counted');
    for (const path of ['/contacts', '/tags', '/tags'])
      await logged(people.installation, await call(people.url, own.token, path));
    // Usage is stored each few seconds, apart from the log.
    const counted = `SELECT coalesce(sum(requests), 0)::int AS count FROM key_refusals WHERE key_id = $1`;
    await until('the refusals are counted', async () => {
      const { rows: sums } = await people.installation.database.query(counted, [own.id]);
      return Number(sums[0]!['count']) === 2;
    });
    await openRequests(`?key=${own.id}`);
    const shown = page.getByRole('region', { name: 'Why requests were denied' });
    await shown.getByText('Missing scope').waitFor();
    await expect.poll(() => shown.textContent()).toContain('Missing scope2');
    const bar = page.getByRole('group', { name: 'Requests over time' }).getByRole('button', { name: /2 denied/ });
    await expect.poll(() => bar.getAttribute('aria-label')).toMatch(/: 1 allowed, 2 denied$/);
    await shown.getByRole('button', { name: /Missing scope/ }).click();
    await page.getByRole('button', { name: 'Clear reason' }).waitFor();
    await page
      .getByRole('row', { name: /Missing scope/ })
      .first()
      .waitFor();
    await bar.click();
    await page.getByRole('button', { name: 'Clear time' }).waitFor();
  });

  it('shows new requests while the live tail is on', async () => {
    page = await people.arrive(people.orgId);
    const own = await newKey('Live');
    await openRequests(`?key=${own.id}`);
    await page.getByText('No requests match').waitFor();
    await page.getByRole('button', { name: 'Live tail' }).click();
    await page.getByRole('button', { name: 'Live', exact: true }).waitFor();
    await call(people.url, own.token, '/tags');
    await page.getByRole('row', { name: /403 ?Missing scope.*\/tags.*Live/ }).waitFor();
  });

  it('renders only the rows in view of the thousand that it has', async () => {
    page = await people.arrive(people.orgId);
    await openRequests();
    await rows().first().waitFor();
    const [row] = await page.evaluate<object[]>(
      `fetch('/manage/v1/requests?limit=1').then((it) => it.json()).then(({ items }) => items)`,
    );
    const items = Array.from({ length: 1_000 }, (_, at) => ({ ...row, id: `0000${at}`.slice(-4) + deniedRowId(row) }));
    await page.route('**/manage/v1/requests?*', (route) => route.fulfill({ json: { items, next: null } }));
    await openRequests();
    await page.locator('table[aria-rowcount="1001"]').waitFor();
    await expect.poll(() => rows().count()).toBeLessThan(60);
    await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    await page.locator('tr[aria-rowindex="1001"]').waitFor();
    await expect.poll(() => rows().count()).toBeLessThan(60);
  });
});

function deniedRowId(row: object | undefined): string {
  return (row as { id: string }).id.slice(4);
}

describe('the keyboard', () => {
  it('opens the palette anywhere, and goes to a page, a key or an action', async () => {
    page = await people.arrive(people.orgId);
    const search = page.getByRole('combobox', { name: 'Search' });
    await page.keyboard.press('Control+k');
    await search.fill('booking eng');
    await page.getByRole('option', { name: /Booking engine/ }).waitFor();
    await search.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Booking engine' }).waitFor();
    await search.waitFor({ state: 'hidden' });
    await page.keyboard.press('Control+k');
    await page.getByRole('option', { name: 'Requests', exact: true }).waitFor();
    await search.press('ArrowDown');
    await search.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Requests' }).waitFor();
    await search.waitFor({ state: 'hidden' });
    await page.keyboard.press('Control+k');
    await search.fill('nothing like it-1');
    await page.getByText('No results').waitFor();
    await closeByEscape(search);
  });

  it('opens a request, steps to the next and returns to its row', async () => {
    page = await people.arrive(people.orgId);
    const own = await newKey('Stepped');
    for (const path of ['/tags', '/contacts'])
      await logged(people.installation, await call(people.url, own.token, path));
    await openRequests(`?key=${own.id}`);
    await rows().first().focus();
    await page.keyboard.press('Enter');
    await drawer().getByText('/contacts').first().waitFor();
    // The second request is the last: the key does nothing there.
    await pressUntil(page, 'j', () => drawer().getByText('Denied: missing scope').isVisible());
    await closeByEscape(drawer());
    await page.locator('tbody button:focus').waitFor();
  });
});

const SCREENS: Readonly<Record<string, () => Promise<void>>> = {
  'the requests': async () => {
    await openRequests();
    await rows().first().waitFor();
  },
  'the values of a filter': async () => {
    await openRequests();
    await page.getByRole('button', { name: 'Status' }).click();
    await page.getByRole('option', { name: '403 Forbidden' }).waitFor();
  },
  'the field of a filter': async () => {
    await openRequests('?status=403');
    await page.getByRole('button', { name: 'IP address' }).click();
    await page.getByRole('textbox', { name: 'IP address' }).waitFor();
  },
  'no requests': async () => {
    await openRequests('?status=418');
    await page.getByText('No requests match').waitFor();
  },
  'a denied request': async () => {
    await openDenied();
    await drawer().getByRole('list', { name: 'Ways to fix it' }).waitFor();
  },
  'the palette': async () => {
    await page.keyboard.press('Control+k');
    await page.getByRole('option').first().waitFor();
  },
};

it.each(Object.keys(SCREENS))(
  'axe finds no problem, in light and dark mode, on desktop and phone, with %s',
  async (name) => {
    page = await people.arrive(people.orgId);
    await SCREENS[name]!();
    const atDesk = await violationsOf(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.locator('html[data-mantine-color-scheme="dark"]').waitFor();
    await page.setViewportSize(PHONE);
    const onPhone = await violationsOf(page);
    expect({ atDesk, onPhone }).toEqual({ atDesk: [], onPhone: [] });
  },
);

it('the requests fit in any width from 360 to 1920 pixels', async () => {
  page = await people.arrive(people.orgId);
  await openRequests();
  await rows().first().waitFor();
  for (const width of [360, 390, 600, 768, 1_024, 1_280, 1_440, 1_920]) {
    await page.setViewportSize({ width, height: 900 });
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    await expect.poll(() => sticksOut(page), { message: `${width} pixels` }).toBe(0);
  }
});
