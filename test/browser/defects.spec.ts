import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.js';
import { sticksOut } from './support/accessibility.js';
import { generate, openNewKey, statusOf, store } from './support/new-key.js';
import { closeByEscape } from './support/keyboard.js';
import { peopleOfThisFile } from './support/people.js';

const people = peopleOfThisFile();
const PHONE = { width: 390, height: 844 };
/** A single word of the maximum length of names. */
const LONG = 'W'.repeat(100);
const PAGE = 50;

let busyId: string;

beforeAll(async () => {
  const page = await people.arrive(people.orgId);
  const { api_key, id } = await post(page, 'api-keys', { name: 'Busy', scopes: ['contacts:read'] });
  busyId = String(id);
  for (const path of ['/contacts', '/tags']) await statusOf(people.url, path, String(api_key));
  await people.goHome();
});

/** Sends the request from the page, with its session. */
function post(page: Page, path: string, body: object): Promise<Record<string, unknown>> {
  const headers = { 'X-Requested-With': 'gatehouse', 'Content-Type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  return page.evaluate(`fetch('/manage/v1/${path}', ${JSON.stringify(init)}).then((answer) => answer.json())`);
}

/** Records the requests to the management API from now on, as `GET /manage/v1/…`. */
function requestsOf(page: Page): string[] {
  const requests: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith('/manage/')) requests.push(`${request.method()} ${pathname}`);
  });
  return requests;
}

async function openKey(page: Page, name: string, tab?: string): Promise<void> {
  await page.goto(`${people.url}/dashboard/`);
  await page.getByRole('link', { name, exact: true }).click();
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  if (tab) await page.getByRole('tab', { name: tab }).click();
}

/** Presses Enter in every field of the form. @returns the number of fields */
async function pressEnterInEachField(page: Page): Promise<number> {
  const fields = page.locator('form input:enabled');
  const count = await fields.count();
  for (let at = 0; at < count; at++) await fields.nth(at).press('Enter');
  return count;
}

const writesOf = (requests: readonly string[]) => requests.filter((request) => !request.startsWith('GET '));

describe('Enter in a field', () => {
  it('of the form of a new key creates no key', async () => {
    const page = await people.arrive(people.orgId);
    await openNewKey(page, 'By accident');
    await page.getByLabel('contacts:read').check();
    await page.getByLabel('Search resources').fill('contacts');
    const requests = requestsOf(page);
    expect(await pressEnterInEachField(page)).toBeGreaterThan(5);
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    expect(writesOf(requests)).toEqual([]);
  });

  it('of the settings of a live key, or of the organization, saves nothing', async () => {
    const page = await people.arrive(people.orgId);
    await openKey(page, 'Busy', 'Settings');
    await page.getByLabel('tags:read').check();
    const requests = requestsOf(page);
    expect(await pressEnterInEachField(page)).toBeGreaterThan(5);
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.getByRole('link', { name: 'Organization' }).click();
    await page.getByLabel('Website').fill('https://half.example');
    await pressEnterInEachField(page);
    await page.getByRole('link', { name: 'Agents' }).click();
    await page.getByRole('button', { name: 'Discard changes' }).click();
    await page.getByRole('heading', { level: 1, name: 'Agents' }).waitFor();
    expect(writesOf(requests)).toEqual([]);
  });
});

describe('the list of keys', () => {
  it('requests the usage of the keys in the window once, and shows denied requests', async () => {
    const page = await people.arrive(people.orgId);
    const row = page.getByRole('row', { name: /Busy/ });
    await row.getByText('1 request denied in the last 30 days').waitFor({ state: 'attached' });
    const requests = requestsOf(page);
    await page.reload();
    await row.getByText('1 request denied in the last 30 days').waitFor({ state: 'attached' });
    await expect.poll(() => row.locator('svg path[class*="denied"]').getAttribute('d')).toMatch(/^M/);
    expect(requests.filter((request) => request.endsWith('/usage'))).toEqual(['GET /manage/v1/api-keys/usage']);
    await expect.poll(() => row.getByTitle('2 requests in the last 30 days').count()).toBe(1);
  });

  it('filters event keys and bearer keys separately', async () => {
    const page = await people.arrive(people.orgId);
    await post(page, 'api-keys', { name: 'Posts events', type: 'client' });
    await page.reload();
    await page.getByRole('button', { name: /^Event/ }).click();
    await page.getByRole('link', { name: 'Posts events' }).waitFor();
    await page.getByRole('link', { name: 'Busy' }).waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: /^Event/ }).click();
    await page.getByRole('button', { name: /^Bearer/ }).click();
    await page.getByRole('link', { name: 'Busy' }).waitFor();
    await page.getByRole('link', { name: 'Posts events' }).waitFor({ state: 'hidden' });
  });

  it('clears its search field when the filters are reset', async () => {
    const page = await people.arrive(people.orgId);
    await page.getByLabel('Search keys').fill('nothing like it');
    await page.getByText('No keys match').waitFor();
    await page.getByRole('navigation').getByRole('link', { name: 'API keys' }).click();
    await page.getByRole('link', { name: 'Busy' }).waitFor();
    await expect.poll(() => page.getByLabel('Search keys').inputValue()).toBe('');
  });

  it('reports an unreachable server after one retry, and recovers', async () => {
    const page = await people.arrive(people.orgId);
    let tries = 0;
    await page.route('**/manage/v1/api-keys/overview*', (route) => {
      tries++;
      const headers = { 'Retry-After': '1' };
      return route.fulfill({ status: 503, headers, json: { statusCode: 503, message: 'Come back soon.' } });
    });
    await page.reload();
    await page.getByRole('alert').getByText('Come back soon.').waitFor();
    expect(tries).toBe(2);
    await page.unroute('**/manage/v1/api-keys/overview*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('link', { name: 'Busy' }).waitFor();
  });
});

describe('a new key', () => {
  it('for some origins has a curl from one of them, and the dialog names the allowed addresses', async () => {
    const page = await people.arrive(people.orgId);
    await page.getByRole('button', { name: 'Setup integration' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Widget');
    await page.getByRole('combobox', { name: 'Allowed origins' }).fill('*.shop.example');
    await page.getByRole('combobox', { name: 'Allowed origins' }).press('Enter');
    await page.getByRole('combobox', { name: 'Allowed IP addresses' }).fill('127.0.0.1');
    await page.getByRole('combobox', { name: 'Allowed IP addresses' }).press('Enter');
    const { key, curl } = await generate(page);
    expect(curl).toContain(`-H 'Origin: https://www.shop.example'`);
    await page.getByText('Run it from 127.0.0.1: other addresses are refused.').waitFor();
    const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
    const body = JSON.stringify({ event: 'integration.connected', data: {} });
    const call = (origin: object) =>
      fetch(`${people.url}/events`, { method: 'POST', headers: { ...headers, ...origin }, body });
    const statuses = [await call({}), await call({ Origin: 'https://www.shop.example' })].map(({ ok }) => ok);
    expect(statuses).toEqual([false, true]);
    await store(page);
  });

  it('keeps its scopes while another kind is selected, and asks before it is discarded', async () => {
    const page = await people.arrive(people.orgId);
    await openNewKey(page, 'Half done');
    await page.getByLabel('contacts:read').check();
    await page.getByRole('radio', { name: /Key \+ secret/ }).click();
    await expect.poll(() => page.getByTestId('sentence').textContent()).toContain('do nothing yet');
    await page.getByRole('radio', { name: /Bearer key/ }).click();
    await expect.poll(() => page.getByLabel('contacts:read').isChecked()).toBe(true);
    await page.getByRole('navigation').getByRole('link', { name: 'Members' }).click();
    await page.getByRole('button', { name: 'Keep editing' }).click();
    await expect.poll(() => page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Half done');
    await page.getByRole('navigation').getByRole('link', { name: 'Members' }).click();
    await page.getByRole('button', { name: 'Discard changes' }).click();
    await page.getByRole('heading', { level: 1, name: 'Members' }).waitFor();
  });

  it('can be submitted by keyboard in few steps, past all scopes', async () => {
    const page = await people.arrive(people.orgId);
    await openNewKey(page, 'Few steps');
    const button = page.getByRole('button', { name: 'Generate key' }).and(page.locator(':focus'));
    let steps = 0;
    for (; (await button.count()) === 0; steps++) await page.keyboard.press('Tab');
    expect(steps).toBeLessThan(20);
  });

  it('whose dialog was lost can be confirmed on its page', async () => {
    const page = await people.arrive(people.orgId);
    const { id } = await post(page, 'api-keys', { name: 'Unconfirmed', access: 'full' });
    await page.goto(`${people.url}/dashboard/keys/${String(id)}`);
    await page.getByRole('button', { name: 'Mark as saved' }).click();
    await page.getByText('Not saved').first().waitFor({ state: 'hidden' });
    await page.getByText('Marked as saved.').waitFor();
  });
});

describe('the settings of a key', () => {
  it('ask before another tab of the page discards them', async () => {
    const page = await people.arrive(people.orgId);
    await openKey(page, 'Busy', 'Settings');
    await page.getByRole('textbox', { name: 'Name' }).fill('Busier');
    await page.getByRole('tab', { name: 'Audit' }).click();
    await page.getByRole('button', { name: 'Keep editing' }).click();
    await expect.poll(() => page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Busier');
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.getByRole('tab', { name: 'Audit' }).click();
    await page.getByRole('table', { name: 'Audit' }).waitFor();
  });

  it('show the problem of a field beside it, without its API name', async () => {
    const page = await people.arrive(people.orgId);
    await openKey(page, 'Busy', 'Settings');
    await page.getByLabel('Requests per minute').fill('999999');
    await page.getByRole('button', { name: 'Save changes' }).click();
    const field = page.locator('.mantine-NumberInput-root').filter({ hasText: 'Requests per minute' });
    await field.getByText(/^This must not be greater than/).waitFor();
    await expect.poll(() => page.getByText('rate_limit').count()).toBe(0);
  });

  it('are readable where they cannot be changed, without controls', async () => {
    const page = await people.arrive(people.orgId, { email: 'max@acmetours.example', name: 'Max', role: 'Member' });
    await openKey(page, 'Busy', 'Settings');
    await page.getByRole('group', { name: 'Scopes' }).waitFor();
    const contrasts = await page.evaluate<number[]>(CONTRASTS_OF_FIELDS);
    expect(contrasts.length).toBeGreaterThan(2);
    expect(Math.min(...contrasts)).toBeGreaterThan(4.5);
    await expect.poll(() => page.getByText('You can change this at any time').count()).toBe(0);
    await expect.poll(() => page.getByLabel('Search resources').count()).toBe(0);
    await expect.poll(() => page.getByLabel('tags:read').count()).toBe(0);
  });
});

/** The contrast of each disabled field's text with its background. */
const CONTRASTS_OF_FIELDS = `(() => {
  const parse = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (element) => {
    const color = parse(getComputedStyle(element).backgroundColor);
    return (color[3] ?? 1) > 0 || !element.parentElement ? color : behind(element.parentElement);
  };
  const opacity = (element) => (element ? Number(getComputedStyle(element).opacity) * opacity(element.parentElement) : 1);
  return [...document.querySelectorAll('fieldset:disabled :is(input:not([type=checkbox], [type=radio]), textarea)')].map((field) => {
    const under = behind(field);
    const shown = opacity(field);
    const text = parse(getComputedStyle(field).color).slice(0, 3).map((v, at) => v * shown + under[at] * (1 - shown));
    const [one, other] = [light(text), light(under)].sort((a, b) => b - a);
    return (one + 0.05) / (other + 0.05);
  });
})()`;

describe('a dialog', () => {
  it('returns the focus to its opener', async () => {
    const page = await people.arrive(people.orgId);
    await openKey(page, 'Busy');
    for (const name of ['Rotate', 'Revoke']) {
      const button = page.getByRole('button', { name, exact: true }).first();
      await button.press('Enter');
      await page.getByRole('dialog').waitFor();
      await closeByEscape(page.getByRole('dialog'));
      await button.and(page.locator(':focus')).waitFor();
    }
  });

  it('with typed text asks before Escape closes it', async () => {
    const page = await people.arrive(people.orgId);
    await page.getByRole('link', { name: 'Agents' }).click();
    await page.getByRole('button', { name: 'New agent' }).first().click();
    await page.getByRole('dialog').getByLabel('Prompt').fill('You are a concierge.');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Keep editing' }).click();
    await expect.poll(() => page.getByLabel('Prompt').inputValue()).toBe('You are a concierge.');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Discard changes' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });
});

it('a role is changed only after confirmation', async () => {
  const page = await people.arrive(people.orgId);
  await page.getByRole('link', { name: 'Members' }).click();
  const requests = requestsOf(page);
  await page.getByRole('combobox', { name: 'Role of Jane Smith' }).click();
  await page.getByRole('option', { name: 'Admin' }).click();
  await page.getByText('has the Owner role now').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  expect(writesOf(requests)).toEqual([]);
  await expect.poll(() => page.getByRole('combobox', { name: 'Role of Jane Smith' }).inputValue()).toBe('Owner');
});

it('the audit can be filtered by every key and by removed members, and shows and links what was granted', async () => {
  const page = await people.arrive(await people.newOrg());
  const first = await post(page, 'api-keys', { name: 'The very first', scopes: ['contacts:read'] });
  for (let at = 0; at < PAGE; at++) await post(page, 'api-keys', { name: `Later ${at}`, access: 'full' });
  await page.getByRole('link', { name: 'Audit', exact: true }).click();
  await page.getByRole('combobox', { name: 'Actor' }).click();
  await page.getByRole('option', { name: /\(partner\)$/ }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('combobox', { name: 'API key' }).fill('very first');
  await page.getByRole('option', { name: 'The very first' }).click();
  const row = page.getByRole('table', { name: 'Audit' }).getByRole('row').filter({ hasText: 'created API key' });
  await row.getByText('contacts:read').waitFor();
  await page.getByRole('link', { name: 'The very first' }).click();
  await page.getByRole('heading', { level: 1, name: 'The very first' }).waitFor();
  await expect.poll(() => page.url()).toContain(String(first['id']));
});

it('long names without spaces break no page, on desktop and phone', async () => {
  const orgId = await people.newOrg(`${LONG}${LONG}`);
  const page = await people.arrive(orgId, { name: LONG });
  const { id } = await post(page, 'api-keys', { name: LONG, description: LONG, access: 'full' });
  await post(page, 'agents', { name: LONG, greeting: LONG });
  const paths = ['', `keys/${String(id)}`, `keys/${String(id)}?tab=audit`, 'audit', 'members', 'agents', 'settings'];
  for (const path of paths) {
    await page.goto(`${people.url}/dashboard/${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.locator('[aria-busy], .mantine-Skeleton-root').first().waitFor({ state: 'detached' });
    for (const size of [{ width: 1280, height: 800 }, PHONE]) {
      await page.setViewportSize(size);
      // The chart resizes asynchronously.
      await until(`/${path} fits ${size.width} pixels`, async () => (await sticksOut(page)) === 0);
    }
  }
});

it('the address without a path leads to the dashboard', async () => {
  const page = await people.arrive(people.orgId);
  await page.goto(`${people.url}/`);
  await page.getByRole('heading', { level: 1, name: 'API keys' }).waitFor();
  await expect.poll(() => page.url()).toBe(`${people.url}/dashboard/`);
});

it('a printed page has no navigation and no buttons', async () => {
  const page = await people.arrive(people.orgId);
  await page.emulateMedia({ media: 'print' });
  try {
    await page.getByRole('navigation').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Generate new key' }).waitFor({ state: 'hidden' });
    await page.getByRole('table', { name: 'API keys' }).waitFor();
  } finally {
    await page.emulateMedia({ media: null });
  }
});

it('numbers of one are singular, and nothing moves with reduced motion', async () => {
  const page = await people.arrive(people.orgId);
  const { api_key, id } = await post(page, 'api-keys', { name: 'Once', scopes: ['contacts:read'] });
  await statusOf(people.url, '/contacts', String(api_key));
  await page.goto(`${people.url}/dashboard/keys/${String(id)}`);
  await page.getByText('request in the last 24 hours').waitFor();
  await expect.poll(() => page.getByTestId('usage-total').textContent()).toMatch(/^1 request in/);
  await page.getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('1 request in the last 24 hours').last().waitFor();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await page.evaluate(`getComputedStyle(document.querySelector('[role=dialog]')).transitionDuration`)).toBe(
    '0.001s',
  );
  await page.emulateMedia({ reducedMotion: null });
});

it('the red button of a dialog has enough contrast in dark mode', async () => {
  const page = await people.arrive(people.orgId, { colorScheme: 'dark' });
  await page.goto(`${people.url}/dashboard/keys/${busyId}`);
  await page.getByRole('button', { name: 'Revoke' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill('Busy');
  await dialog.getByRole('button', { name: 'Revoke key' }).and(page.locator(':enabled')).waitFor();
  const color = `getComputedStyle(document.querySelector('[role=dialog] [type=submit]')).backgroundColor`;
  await until('the button is red', async () => (await page.evaluate(color)) === 'rgb(198, 58, 50)');
});
