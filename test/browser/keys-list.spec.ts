import { createHash } from 'node:crypto';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.js';
import { sticksOut, violationsOf } from './support/accessibility.js';
import { statusOf } from './support/new-key.js';
import { closeByEscape } from './support/keyboard.js';
import { peopleOfThisFile } from './support/people.js';

const people = peopleOfThisFile();

/** Sends the request from the page, with its session. */
function post(page: Page, path: string, body: object): Promise<Record<string, unknown>> {
  const headers = { 'X-Requested-With': 'gatehouse', 'Content-Type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  return page.evaluate(`fetch('/manage/v1/${path}', ${JSON.stringify(init)}).then((answer) => answer.json())`);
}

const namesOf = (page: Page) =>
  page.getByRole('table', { name: 'API keys' }).locator('tbody tr td a').allTextContents();

describe('a list of a few keys', () => {
  let orgId: string;
  let busyKey: string;

  beforeAll(async () => {
    orgId = await people.newOrg('Blue Whale Boats');
    const page = await people.arrive(orgId);
    const scopes = ['contacts:read', 'tags:read', 'tags:write'];
    busyKey = String((await post(page, 'api-keys', { name: 'Busy', scopes }))['api_key']);
    for (const path of ['/contacts', '/tags', '/teams']) await statusOf(people.url, path, busyKey);
    await post(page, 'api-keys', { name: 'Broad', access: 'full' });
    const soon = new Date(Date.now() + 3 * 86_400_000).toISOString();
    await post(page, 'api-keys', { name: 'Short-lived', scopes, expires_at: soon });
    await people.goHome();
  });

  it('is sorted by a column, and the order is in the address', async () => {
    const page = await people.arrive(orgId);
    await page.getByRole('link', { name: 'Busy' }).waitFor();
    await expect.poll(() => namesOf(page)).toEqual(['Short-lived', 'Broad', 'Busy']);
    await page.getByRole('button', { name: 'Requests, 30 days' }).click();
    await expect.poll(async () => (await namesOf(page))[0]).toBe('Busy');
    await expect
      .poll(() => page.getByRole('columnheader', { name: /Requests/ }).getAttribute('aria-sort'))
      .toBe('descending');
    await page.getByRole('button', { name: 'Name' }).click();
    await expect.poll(() => namesOf(page)).toEqual(['Broad', 'Busy', 'Short-lived']);
    await page.reload();
    await page.getByRole('link', { name: 'Busy' }).waitFor();
    await expect.poll(() => namesOf(page)).toEqual(['Broad', 'Busy', 'Short-lived']);
  });

  it('is filtered by findings, whose chips say how many keys they list', async () => {
    const page = await people.arrive(orgId);
    await page.getByRole('button', { name: 'Expiring 1' }).click();
    await page.getByRole('link', { name: 'Broad' }).waitFor({ state: 'hidden' });
    await expect.poll(() => namesOf(page)).toEqual(['Short-lived']);
    await page.getByRole('button', { name: 'Full access 1' }).click();
    await page.getByRole('link', { name: 'Broad' }).waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get('finding')).toBe('expiring,full_access');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByRole('link', { name: 'Busy' }).waitFor();
  });

  it('shows the scopes of a key with their use, and a menu, by keyboard', async () => {
    const page = await people.arrive(orgId);
    const scopes = page.getByRole('row', { name: /Busy/ }).getByRole('button', { name: '3 scopes of Busy' });
    await scopes.press('Enter');
    const popover = page.getByRole('dialog').filter({ hasText: 'tags:write' });
    await popover.getByText('3 scopes, 2 used').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await scopes.and(page.locator(':focus')).waitFor();
    const menu = page.getByRole('row', { name: /Busy/ }).getByRole('button', { name: 'Actions for Busy' });
    await menu.press('Enter');
    await page.getByRole('menuitem', { name: 'Revoke…' }).waitFor();
    await page.getByRole('menuitem', { name: 'Suspend…' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole('menuitem', { name: 'Revoke…' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Revoke Busy' });
    await dialog.waitFor();
    await closeByEscape(dialog);
    await menu.and(page.locator(':focus')).waitFor();
    await page.getByRole('link', { name: 'Short-lived' }).press('ArrowDown');
    await page.getByRole('link', { name: 'Broad' }).and(page.locator(':focus')).waitFor();
  });

  it('a search for a whole key finds it, and the address has only its masked form', async () => {
    const page = await people.arrive(orgId);
    await page.getByLabel('Search keys').fill(busyKey);
    await page.getByRole('link', { name: 'Broad' }).waitFor({ state: 'hidden' });
    await expect.poll(() => namesOf(page)).toEqual(['Busy']);
    await expect.poll(() => decodeURIComponent(page.url())).toContain(`…${busyKey.slice(-4)}`);
    await expect.poll(() => page.url()).not.toContain(busyKey);
  });

  it('has no checkboxes and no changes for a Member', async () => {
    const page = await people.arrive(orgId, { email: 'max@bluewhale.example', name: 'Max', role: 'Member' });
    await page.getByRole('link', { name: 'Busy' }).waitFor();
    await expect.poll(() => page.getByRole('checkbox').count()).toBe(0);
    await page.getByRole('button', { name: 'Actions for Busy' }).click();
    await page.getByRole('menuitem', { name: 'View requests' }).waitFor();
    await expect.poll(() => page.getByRole('menuitem', { name: 'Revoke…' }).count()).toBe(0);
  });

  it.each([360, 390, 768, 1024, 1280, 1920])('fits %i pixels, light and dark, without violations', async (width) => {
    const page = await people.arrive(orgId);
    await page.setViewportSize({ width, height: 900 });
    await page.getByRole('link', { name: 'Busy' }).waitFor();
    await expect.poll(() => sticksOut(page)).toBe(0);
    expect(await violationsOf(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.locator('html[data-mantine-color-scheme="dark"]').waitFor();
    expect(await violationsOf(page)).toEqual([]);
  });
});

it('selected keys are revoked together, and the others stay', async () => {
  const page = await people.arrive(await people.newOrg('Acme Trains'));
  const keys: string[] = [];
  for (const name of ['One', 'Two', 'Three', 'Four']) {
    keys.push(String((await post(page, 'api-keys', { name, scopes: ['contacts:read'] }))['api_key']));
  }
  await page.reload();
  await page.getByRole('checkbox', { name: 'Select Three' }).check();
  await page.getByRole('checkbox', { name: 'Select One' }).click({ modifiers: ['Shift'] });
  await page.getByText('3 keys selected').waitFor();
  await page.getByRole('button', { name: 'Revoke…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Revoke 3 keys' });
  await dialog.waitFor();
  await expect.poll(() => dialog.getByRole('listitem').allTextContents()).toHaveLength(3);
  await dialog.getByRole('textbox').fill('revoke 3 keys');
  await dialog.getByRole('button', { name: 'Revoke 3 keys' }).click();
  await page.getByText('3 keys revoked.').waitFor();
  await page.getByRole('link', { name: 'Two' }).waitFor({ state: 'hidden' });
  await expect.poll(() => namesOf(page)).toEqual(['Four']);
  const statuses = keys.map((key) => statusOf(people.url, '/contacts', key));
  expect(await Promise.all(statuses)).toEqual([401, 401, 401, 200]);
});

it('selected keys are suspended in one request, shown in a list of their own, and resumed', async () => {
  const page = await people.arrive(await people.newOrg('Acme Ferries'));
  const keys: string[] = [];
  for (const name of ['One', 'Two', 'Three']) {
    keys.push(String((await post(page, 'api-keys', { name, scopes: ['contacts:read'] }))['api_key']));
  }
  const statuses = () => Promise.all(keys.map((key) => statusOf(people.url, '/contacts', key)));
  const requests: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') requests.push(new URL(request.url()).pathname);
  });
  await page.reload();
  await page.getByRole('checkbox', { name: 'Select Two' }).check();
  await page.getByRole('button', { name: 'Select all 3' }).click();
  await page.getByText('3 keys selected').waitFor();
  await page.getByRole('checkbox', { name: 'Select Two' }).uncheck();
  await page.getByRole('button', { name: 'Suspend…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Suspend 2 keys' });
  await dialog.getByText('2 keys will be suspended.').waitFor();
  expect(await violationsOf(page)).toEqual([]);
  expect(await statuses()).toEqual([200, 200, 200]);
  await dialog.getByRole('button', { name: 'Suspend 2 keys' }).click();
  await page.getByText('2 keys suspended.').waitFor();
  expect(await statuses()).toEqual([401, 200, 401]);
  // A dry run, then the change.
  expect(requests).toEqual(['/manage/v1/api-keys/bulk', '/manage/v1/api-keys/bulk']);
  await page.getByRole('link', { name: 'One' }).waitFor({ state: 'hidden' });
  await page.getByRole('tab', { name: 'Suspended' }).click();
  await page.getByRole('link', { name: 'One' }).waitFor();
  await expect.poll(() => namesOf(page)).toEqual(['Three', 'One']);
  await page.getByRole('checkbox', { name: 'Select all keys' }).check();
  await page.getByRole('button', { name: 'Resume…' }).click();
  await page.getByRole('button', { name: 'Resume 2 keys' }).click();
  await page.getByText('No suspended keys').waitFor();
  expect(await statuses()).toEqual([200, 200, 200]);
});

it('the expiry of selected keys is set together', async () => {
  const page = await people.arrive(await people.newOrg('Acme Lifts'));
  for (const name of ['One', 'Two']) await post(page, 'api-keys', { name, scopes: ['contacts:read'] });
  await page.reload();
  await page.getByRole('checkbox', { name: 'Select all keys' }).check();
  await page.getByRole('button', { name: 'Set expiry…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Set expiry of 2 keys' });
  await dialog.getByLabel('Expiry date').fill('2020-01-01');
  await dialog.getByText('Choose a future date.').waitFor();
  await dialog.getByLabel('Expiry date').fill('2099-01-01');
  await dialog.getByText('2 keys will be changed.').waitFor();
  await dialog.getByRole('button', { name: 'Set expiry of 2 keys' }).click();
  await page.getByText('2 keys changed.').waitFor();
  await page.getByRole('row', { name: /One/ }).getByText('1 Jan 2099').waitFor();
});

it('keys are filtered by tag, and a tag of a key leads to the others that have it', async () => {
  const page = await people.arrive(await people.newOrg('Acme Tags'));
  await post(page, 'api-keys', { name: 'Web', scopes: ['contacts:read'], tags: ['eu', 'web'], external_id: 'site-7' });
  await post(page, 'api-keys', { name: 'Data', scopes: ['contacts:read'], tags: ['data', 'eu', 'nightly'] });
  await post(page, 'api-keys', { name: 'Other', scopes: ['contacts:read'] });
  await page.reload();
  const tags = page.getByRole('group', { name: 'Filter by tag' });
  await tags.getByRole('button', { name: 'web 1' }).click();
  await page.getByRole('link', { name: 'Data' }).waitFor({ state: 'hidden' });
  await expect.poll(() => namesOf(page)).toEqual(['Web']);
  await tags.getByRole('button', { name: 'data 1' }).click();
  await page.getByRole('link', { name: 'Data' }).waitFor();
  await expect.poll(() => namesOf(page)).toEqual(['Data', 'Web']);
  expect(await violationsOf(page)).toEqual([]);
  await page.getByRole('link', { name: 'Web', exact: true }).click();
  await page.getByRole('definition').getByText('site-7').waitFor();
  await page.getByRole('link', { name: 'eu', exact: true }).click();
  await page.getByRole('link', { name: 'Data' }).waitFor();
  await expect.poll(() => namesOf(page)).toEqual(['Data', 'Web']);
  await page.getByLabel('Search keys').fill('site-7');
  await page.getByRole('link', { name: 'Data' }).waitFor({ state: 'hidden' });
  await expect.poll(() => namesOf(page)).toEqual(['Web']);
});

it('an import shows how many of its keys were used here', async () => {
  const page = await people.arrive(await people.newOrg('Acme Imports'));
  const tokens = ['a', 'b'].map((letter) => `sk_live_${letter.repeat(40)}`);
  const imported = {
    import: {
      name: 'Old gateway',
      hash: { algorithm: 'sha256' },
      tokens: { prefix: 'sk_live_', min_length: 48, max_length: 48, alphabet: 'alphanumeric' },
    },
    keys: tokens.map((token) => ({
      hash: createHash('sha256').update(token).digest('hex'),
      scopes: ['contacts:read'],
    })),
  };
  expect(await post(page, 'api-keys/import', imported)).toMatchObject({ summary: { created: 2 } });
  expect(await statusOf(people.url, '/contacts', tokens[0]!)).toBe(200);
  await until('the use is counted', async () => {
    await page.reload();
    await page.getByRole('list', { name: 'Imports' }).waitFor();
    return (await page.getByText('migrated 50%').count()) === 1;
  });
  expect(await violationsOf(page)).toEqual([]);
});

it('ten thousand keys are listed in a few rows, and each can be reached', async () => {
  const orgId = await people.newOrg('Many Keys');
  await people.installation.database.query(
    `INSERT INTO api_keys (id, org_id, name, masked_key, kind, type, scopes, created_by_type, created_by_name)
     SELECT gen_random_uuid(), $1, 'Key ' || n, '…' || n, 'bearer', 'standard', '{contacts:read}', 'operator', 'test'
     FROM generate_series(1, 10000) n`,
    [orgId],
  );
  const page = await people.arrive(orgId);
  await page.getByText('10,000').first().waitFor();
  await page.getByRole('button', { name: 'Name' }).click();
  await page.getByRole('link', { name: 'Key 1', exact: true }).waitFor();
  await expect.poll(() => page.getByRole('row').count()).toBeLessThan(80);
  await expect.poll(() => page.getByRole('table', { name: 'API keys' }).getAttribute('aria-rowcount')).toBe('10001');
  await page.keyboard.press('End');
  await page.getByRole('link', { name: 'Key 10000', exact: true }).waitFor();
  await expect.poll(() => page.getByRole('row').count()).toBeLessThan(80);
  await page.getByLabel('Search keys').fill('key 777');
  await page.getByRole('link', { name: 'Key 7770', exact: true }).waitFor();
});
