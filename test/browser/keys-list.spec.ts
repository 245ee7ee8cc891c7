import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { sticksOut, violationsOf } from './support/accessibility.js';
import { statusOf } from './support/new-key.js';
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
    expect(await namesOf(page)).toEqual(['Short-lived', 'Broad', 'Busy']);
    await page.getByRole('button', { name: 'Requests, 30 days' }).click();
    expect((await namesOf(page))[0]).toBe('Busy');
    expect(await page.getByRole('columnheader', { name: /Requests/ }).getAttribute('aria-sort')).toBe('descending');
    await page.getByRole('button', { name: 'Name' }).click();
    expect(await namesOf(page)).toEqual(['Broad', 'Busy', 'Short-lived']);
    await page.reload();
    await page.getByRole('link', { name: 'Busy' }).waitFor();
    expect(await namesOf(page)).toEqual(['Broad', 'Busy', 'Short-lived']);
  });

  it('is filtered by findings, whose chips say how many keys they list', async () => {
    const page = await people.arrive(orgId);
    await page.getByRole('button', { name: 'Expiring 1' }).click();
    await page.getByRole('link', { name: 'Broad' }).waitFor({ state: 'hidden' });
    expect(await namesOf(page)).toEqual(['Short-lived']);
    await page.getByRole('button', { name: 'Full access 1' }).click();
    await page.getByRole('link', { name: 'Broad' }).waitFor();
    expect(new URL(page.url()).searchParams.get('finding')).toBe('expiring,full_access');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByRole('link', { name: 'Busy' }).waitFor();
  });

  it('a search for a whole key finds it, and the address has only its masked form', async () => {
    const page = await people.arrive(orgId);
    await page.getByLabel('Search keys').fill(busyKey);
    await page.getByRole('link', { name: 'Broad' }).waitFor({ state: 'hidden' });
    expect(await namesOf(page)).toEqual(['Busy']);
    expect(decodeURIComponent(page.url())).toContain(`…${busyKey.slice(-4)}`);
    expect(page.url()).not.toContain(busyKey);
  });

  it('has no checkboxes and no changes for a Member', async () => {
    const page = await people.arrive(orgId, { email: 'max@bluewhale.example', name: 'Max', role: 'Member' });
    await page.getByRole('link', { name: 'Busy' }).waitFor();
    expect(await page.getByRole('checkbox').count()).toBe(0);
    await page.getByRole('button', { name: 'Actions for Busy' }).click();
    await page.getByRole('menuitem', { name: 'View requests' }).waitFor();
    expect(await page.getByRole('menuitem', { name: 'Revoke…' }).count()).toBe(0);
  });

  it.each([360, 390, 768, 1024, 1280, 1920])('fits %i pixels, light and dark, without violations', async (width) => {
    const page = await people.arrive(orgId);
    await page.setViewportSize({ width, height: 900 });
    await page.getByRole('link', { name: 'Busy' }).waitFor();
    expect(await sticksOut(page)).toBe(0);
    expect(await violationsOf(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.locator('html[data-mantine-color-scheme="dark"]').waitFor();
    expect(await violationsOf(page)).toEqual([]);
  });
});
