import type { Page } from 'playwright-core';
import { beforeEach, expect, it } from 'vitest';
import { sticksOut, violationsOf } from './support/accessibility.js';
import { manage } from './support/calls.js';
import { generate, openNewKey, statusOf, store } from './support/new-key.js';
import { peopleOfThisFile } from './support/people.js';

const people = peopleOfThisFile();

let orgId: string;
let broad: string;

beforeEach(async () => {
  orgId = await people.newOrg('Acme Rules');
  const page = await people.arrive(orgId);
  broad = String((await manage(page, 'api-keys', { name: 'Broad', access: 'full' }))['api_key']);
  await manage(page, 'api-keys', { name: 'Narrow', scopes: ['contacts:read'], expires_at: daysFromNow(30) });
  await people.goHome();
});

function daysFromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString();
}

async function open(visit: Parameters<typeof people.arrive>[1] = {}): Promise<Page> {
  const page = await people.arrive(orgId, visit);
  await page.getByRole('link', { name: 'Policies' }).click();
  await page.getByRole('heading', { level: 2, name: 'Rules of this organization' }).waitFor();
  return page;
}

it('rules are saved after a look at the keys that break them, and hold at once for new keys', async () => {
  const page = await open();
  await page.getByText('No rules.').waitFor();
  await page.getByLabel('Forbid full access').check();
  await page.getByLabel('Longest lifetime').fill('60');
  await page.getByRole('button', { name: 'Review and save' }).click();
  const dialog = page.getByRole('dialog', { name: 'Review the rules' });
  await dialog.getByText('1 existing key breaks these rules.').waitFor();
  await dialog.getByRole('link', { name: 'Broad' }).waitFor();
  expect(await violationsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Save rules' }).click();
  await page.getByText('The rules are in effect.').waitFor();
  const list = page.getByRole('list', { name: 'Keys that break the rules' });
  await list.getByText('Goes on working').waitFor();
  await list.getByText('No expiry').or(list.getByText('Lives too long')).first().waitFor();
  expect(await statusOf(people.url, '/contacts', broad)).toBe(200);
  await page.getByText('Set by this organization').first().waitFor();
  expect(await violationsOf(page)).toEqual([]);

  await page.getByRole('link', { name: 'API keys' }).click();
  await openNewKey(page, 'By the rules');
  await expect.poll(() => page.getByRole('radio', { name: 'Full access' }).isDisabled()).toBe(true);
  await page.getByText('At most 60 days, by a policy of this organization.').waitFor();
  await expect.poll(() => page.getByRole('radio', { name: '60 days' }).isChecked()).toBe(true);
  await expect.poll(() => page.getByRole('radio', { name: 'Never' }).count()).toBe(0);
  await page.getByLabel('contacts:read').check();
  await generate(page);
  await store(page);
});

it('keys that break an enforced rule are denied from its day, and the page says so', async () => {
  const page = await open();
  await page.getByLabel('Forbid full access').check();
  await page.getByLabel('Deny existing keys from').fill(daysFromNow(-1).slice(0, 10));
  await page.getByRole('button', { name: 'Review and save' }).click();
  const dialog = page.getByRole('dialog', { name: 'Review the rules' });
  await dialog.getByText('Denied since').waitFor();
  expect(await statusOf(people.url, '/contacts', broad)).toBe(200);
  await dialog.getByRole('button', { name: 'Save rules' }).click();
  await page.getByText('The rules are in effect.').waitFor();
  expect(await statusOf(people.url, '/contacts', broad)).toBe(401);
  await page.getByText('Existing keys that break an enforced rule are denied since').waitFor();
});

it('a default that is longer than the longest lifetime is refused beside its field', async () => {
  const page = await open();
  await page.getByLabel('Longest lifetime').fill('30');
  await page.getByLabel('Default lifetime').fill('60');
  await page.getByRole('button', { name: 'Review and save' }).click();
  await page.getByText('Choose at most the longest lifetime.').waitFor();
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
});

it('only Owners can change the rules', async () => {
  const page = await open({ email: 'ada@acme.example', name: 'Ada', role: 'Admin' });
  await page.getByText('Only Owners can change these rules.').waitFor();
  await expect.poll(() => page.getByLabel('Forbid full access').isDisabled()).toBe(true);
  await expect.poll(() => page.getByRole('button', { name: 'Review and save' }).count()).toBe(0);
  expect(await violationsOf(page)).toEqual([]);
});

it.each([360, 1024, 1920])('fits %i pixels, light and dark, without violations', async (width) => {
  const page = await open();
  await page.setViewportSize({ width, height: 900 });
  await page.getByText('Every key follows the rules.').waitFor();
  await expect.poll(() => sticksOut(page)).toBe(0);
  expect(await violationsOf(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.locator('html[data-mantine-color-scheme="dark"]').waitFor();
  expect(await violationsOf(page)).toEqual([]);
});
