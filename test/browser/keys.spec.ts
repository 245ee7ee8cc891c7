import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { generate, newKey, openNewKey, readDialog, statusOf, store } from './support/new-key.js';
import { peopleOfThisFile } from './support/people.js';

const people = peopleOfThisFile();
let page: Page;

/** Runs the command that the dialog shows in a shell, and parses its output. */
async function run(curl: string): Promise<Record<string, unknown>> {
  const { stdout } = await promisify(execFile)('sh', ['-c', curl.replace('curl ', 'curl -s ')]);
  return JSON.parse(stdout) as Record<string, unknown>;
}

const sentence = () => page.getByTestId('sentence').textContent();

it('a login link opens the right org, with a first call on the empty list of keys', async () => {
  page = await people.arrive(await people.newOrg('Blue Whale Boats'));
  await page.getByText('Create your first API key').waitFor();
  await expect
    .poll(() => page.getByRole('figure', { name: 'First call' }).textContent())
    .toContain(`curl ${people.url}/whoami`);
  await page.getByText('Blue Whale Boats').locator('visible=true').waitFor();
  await expect.poll(() => page.url()).toBe(`${people.url}/dashboard/`);
});

describe('a new key', () => {
  it('with custom scopes is summarized in the form, and its curl works unchanged', async () => {
    page = await people.arrive(people.orgId);
    await openNewKey(page, 'CRM sync');
    await expect.poll(sentence).toContain('do nothing yet');
    await page.getByRole('textbox', { name: 'Description' }).fill('Copies contacts every night');
    await page.getByLabel('Search resources').fill('contacts');
    await page.getByLabel('contacts:read').check();
    await page.getByLabel('Search resources').fill('tags');
    await page.getByLabel('tags:write').check();
    await page.getByText('30 days').click();
    await page.getByRole('combobox', { name: 'Allowed IP addresses' }).fill('10.0.0.5/8');
    await page.getByText('must start at the first address of its range').waitFor();
    await page.getByRole('combobox', { name: 'Allowed IP addresses' }).fill('');
    await page.getByRole('button', { name: 'Add my current address, 127.0.0.1' }).click();
    await page.getByLabel('Requests per minute').fill('120');
    await expect
      .poll(sentence)
      .toMatch(
        /^This key may read contacts and write tags, from 127\.0\.0\.1 only, at most 120 requests a minute, until \d+ \w+ \d{4}\.$/,
      );
    const { key, curl } = await generate(page);
    await store(page);
    await page.getByRole('heading', { level: 1, name: 'CRM sync' }).waitFor();
    expect(await run(curl)).toMatchObject({
      name: 'CRM sync',
      description: 'Copies contacts every night',
      scopes: ['contacts:read', 'tags:write'],
      allowed_ips: ['127.0.0.1'],
      rate_limit: { per_minute: 120 },
    });
    expect([await statusOf(people.url, '/contacts', key), await statusOf(people.url, '/tags', key)]).toEqual([
      200, 403,
    ]);
  });

  it('with full access is summarized as such', async () => {
    page = await people.arrive(people.orgId);
    await openNewKey(page, 'Everything');
    await page.getByLabel('Full access').check();
    await page.getByText('This key can do everything').waitFor();
    await expect.poll(sentence).toContain('do everything that the API offers');
    const { curl } = await generate(page);
    await store(page);
    expect(await run(curl)).toMatchObject({ access: 'full' });
  });

  it('a column of the grid can be selected at once, and read-only resources have no write', async () => {
    page = await people.arrive(people.orgId);
    await openNewKey(page, 'Reader');
    await page.getByLabel('All read').check();
    await expect.poll(() => page.getByLabel('analytics:read', { exact: true }).isChecked()).toBe(true);
    await expect.poll(() => page.getByLabel('analytics:write', { exact: true }).count()).toBe(0);
    await expect.poll(() => page.getByLabel('media:read').count()).toBe(0);
    const { curl } = await generate(page);
    await store(page);
    const { scopes } = (await run(curl)) as { scopes: string[] };
    expect(scopes.filter((scope) => !scope.endsWith(':read'))).toEqual([]);
    expect(scopes.length).toBeGreaterThan(20);
  });

  it('with a secret acts for the selected agent', async () => {
    page = await people.arrive(people.orgId);
    await page.getByRole('link', { name: 'Agents' }).click();
    await page.getByRole('button', { name: 'New agent' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Receptionist');
    await page.getByRole('button', { name: 'Create agent' }).click();
    await page.getByRole('cell', { name: /^Receptionist/ }).waitFor();
    await page.getByRole('link', { name: 'API keys' }).click();
    await openNewKey(page, 'Chatbot');
    await page.getByRole('radio', { name: /Key \+ secret/ }).click();
    await page.getByRole('combobox', { name: 'Agent' }).click();
    await page.getByRole('option', { name: 'Receptionist' }).click();
    await page.getByLabel('contacts:create').check();
    await expect.poll(sentence).toContain('create contact for the agent Receptionist');
    const { secret, curl } = await generate(page);
    await store(page);
    expect(secret).toMatch(/^ocx_sec_/);
    expect(await run(curl)).toMatchObject({ kind: 'key_secret', scopes: ['contacts:create'] });
  });

  it('for OpenConnect starts at Setup integration, and its curl posts an event', async () => {
    page = await people.arrive(people.orgId);
    await page.getByRole('button', { name: 'Setup integration' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Call center');
    await expect.poll(() => page.getByRole('radio', { name: 'OpenConnect' }).isChecked()).toBe(true);
    await expect.poll(() => page.getByRole('group', { name: 'Scopes' }).count()).toBe(0);
    const { curl } = await generate(page);
    await store(page);
    expect(curl).toContain(`curl -X POST ${people.url}/events`);
    expect(await run(curl)).toEqual({ id: expect.any(String) });
  });

  it('expires after 90 days unless another expiry is chosen', async () => {
    page = await people.arrive(people.orgId);
    await openNewKey(page, 'Short-lived');
    await expect.poll(() => page.getByRole('radio', { name: '90 days' }).isChecked()).toBe(true);
    await page.getByLabel('contacts:read').check();
    const { curl } = await generate(page);
    await store(page);
    const { expires_at } = await run(curl);
    expect(Math.round((Date.parse(String(expires_at)) - Date.now()) / 86_400_000)).toBe(90);
  });

  it('from a template has its scopes and its name, which can be changed', async () => {
    page = await people.arrive(people.orgId);
    await openNewKey(page, '');
    await page.getByRole('radio', { name: /^CRM sync/ }).click();
    await expect.poll(() => page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('CRM sync');
    await page.getByRole('textbox', { name: 'Name' }).fill('Nightly sync');
    await page.getByRole('radio', { name: /^Read-only reporting/ }).click();
    await expect.poll(() => page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Nightly sync');
    await page.getByRole('radio', { name: /^CRM sync/ }).click();
    await page.getByLabel('leads:write').uncheck();
    const { curl } = await generate(page);
    await store(page);
    expect(await run(curl)).toMatchObject({
      name: 'Nightly sync',
      scopes: ['contacts:read', 'contacts:write', 'leads:read', 'tags:read'],
    });
  });

  it('is tested from the page with its own credential, and the answer turns green', async () => {
    page = await people.arrive(people.orgId);
    await openNewKey(page, 'Tested');
    await page.getByLabel('contacts:read').check();
    await page.getByRole('button', { name: 'Generate key' }).click();
    const asked = page.waitForRequest((request) => request.url() === `${people.url}/whoami`);
    await page.getByRole('dialog').getByRole('button', { name: 'Test now' }).click();
    await page.getByTestId('trial').getByText('The key works. GET /whoami answered 200.').waitFor();
    const { authorization, cookie } = await (await asked).allHeaders();
    expect([authorization, cookie]).toEqual([expect.stringMatching(/^Bearer ocx_live_/), undefined]);
    await store(page);
  });

  it('that only other addresses may use is denied when it is tested, with the reason', async () => {
    page = await people.arrive(people.orgId);
    await openNewKey(page, 'From elsewhere');
    await page.getByLabel('contacts:read').check();
    await page.getByRole('combobox', { name: 'Allowed IP addresses' }).fill('203.0.113.7');
    await page.getByRole('combobox', { name: 'Allowed IP addresses' }).press('Enter');
    await page.getByRole('button', { name: 'Generate key' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Test now' }).click();
    await page.getByTestId('trial').getByText('Denied. The server answered 403').waitFor();
    await store(page);
  });

  it('that is incomplete is not sent, and each problem is shown beside its field', async () => {
    page = await people.arrive(people.orgId);
    await page.getByRole('button', { name: 'Generate new key' }).first().click();
    await page.getByRole('button', { name: 'Generate key' }).click();
    await page.getByText('Enter a name.').waitFor();
    await page.getByText('Choose at least one scope.', { exact: true }).waitFor();
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
  });
});

it('the dialog of a new key cannot be closed by Escape, a click outside or the back button', async () => {
  page = await people.arrive(people.orgId);
  await openNewKey(page, 'Not skipped');
  await page.getByLabel('contacts:read').check();
  await generate(page);
  const dialog = page.getByRole('dialog');
  const isShown = async () => [await dialog.isVisible(), await page.getByRole('button', { name: 'Done' }).isEnabled()];
  await page.keyboard.press('Escape');
  await expect.poll(isShown).toEqual([true, false]);
  await page.mouse.click(5, 5);
  await expect.poll(isShown).toEqual([true, false]);
  await page.evaluate('history.back()');
  await expect.poll(isShown).toEqual([true, false]);
  await page.getByLabel('I have stored this key').check();
  await expect.poll(isShown).toEqual([true, true]);
  await store(page);
});

it('a key that is not marked as saved is marked so in the list', async () => {
  page = await people.arrive(people.orgId);
  await openNewKey(page, 'Left open');
  await page.getByLabel('contacts:read').check();
  await generate(page);
  const other = await people.arrive(people.orgId);
  await other
    .getByRole('row', { name: /Left open/ })
    .getByText('Not saved')
    .waitFor();
});

it('the list can be searched and filtered by kind, and has a tab for inactive keys', async () => {
  const own = await people.newOrg();
  page = await people.arrive(own);
  await newKey(page, 'Alpha');
  await page.getByRole('link', { name: 'API keys' }).first().click();
  await newKey(page, 'Beta');
  await page.getByRole('link', { name: 'API keys' }).first().click();
  await page.getByRole('link', { name: 'Alpha' }).waitFor();
  await page.getByLabel('Search keys').fill('bet');
  await page.getByRole('link', { name: 'Alpha' }).waitFor({ state: 'hidden' });
  await page.getByRole('link', { name: 'Beta' }).waitFor();
  await page.getByRole('button', { name: 'Bearer 1' }).click();
  await page.getByLabel('Search keys').fill('gamma');
  await page.getByText('No keys match').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).last().click();
  await page.getByRole('link', { name: 'Alpha' }).waitFor();
  await expect.poll(() => new URL(page.url()).search).toBe('');
  await page.getByRole('tab', { name: 'Revoked / Expired' }).click();
  await page.getByText('No revoked or expired keys').waitFor();
});

it('a duplicate has the settings of a key, and a name and a credential of its own', async () => {
  page = await people.arrive(people.orgId);
  const { key: original } = await newKey(page, 'Original');
  await page.getByRole('button', { name: 'Duplicate' }).click();
  await page.getByRole('heading', { level: 1, name: 'Duplicate Original' }).waitFor();
  await expect.poll(() => page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Original copy');
  const { key, curl } = await generate(page);
  await store(page);
  expect(await run(curl)).toMatchObject({ name: 'Original copy', scopes: ['contacts:read'] });
  expect(key).not.toBe(original);
});

it('an edited setting takes effect at once', async () => {
  page = await people.arrive(people.orgId);
  const { key } = await newKey(page, 'Edited');
  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Edited again');
  await page.getByLabel('contacts:read').uncheck();
  await page.getByLabel('tags:read').check();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('The changes are in effect').waitFor();
  await page.getByRole('heading', { level: 1, name: 'Edited again' }).waitFor();
  expect([await statusOf(people.url, '/contacts', key), await statusOf(people.url, '/tags', key)]).toEqual([403, 200]);
  await page.getByRole('tab', { name: 'Audit' }).click();
  await page.getByText('contacts:read').first().waitFor();
});

it('after a rotation with overlap both keys work, and the key is marked', async () => {
  page = await people.arrive(people.orgId);
  const { key: before } = await newKey(page, 'Rotated');
  await page.getByRole('button', { name: 'Rotate' }).click();
  await page.getByLabel('1 hour').check();
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
  const { key: after } = await readDialog(page);
  await store(page);
  await page.getByText('Old key still works').first().waitFor();
  expect(after).not.toBe(before);
  const statuses = [before, after].map((key) => statusOf(people.url, '/contacts', key));
  expect(await Promise.all(statuses)).toEqual([200, 200]);
});

it('a key is revoked only after its name is typed, and is denied afterwards', async () => {
  page = await people.arrive(people.orgId);
  const { key } = await newKey(page, 'Revoked');
  await page.getByRole('button', { name: 'Revoke' }).click();
  const dialog = page.getByRole('dialog');
  await expect.poll(() => dialog.getByRole('button', { name: 'Revoke key' }).isEnabled()).toBe(false);
  await dialog.getByRole('textbox').fill('Revoked');
  expect(await statusOf(people.url, '/contacts', key)).toBe(200);
  await dialog.getByRole('button', { name: 'Revoke key' }).click();
  await dialog.waitFor({ state: 'hidden' });
  expect(await statusOf(people.url, '/contacts', key)).toBe(401);
  await page.getByText('Requests with it are denied.').waitFor();
  await expect.poll(() => page.getByRole('button', { name: 'Rotate' }).count()).toBe(0);
});

it('the usage chart counts allowed and denied requests', async () => {
  page = await people.arrive(people.orgId);
  const { key } = await newKey(page, 'Busy');
  for (const path of ['/contacts', '/contacts', '/contacts', '/tags', '/tags']) await statusOf(people.url, path, key);
  await page.reload();
  await page.getByTestId('usage-total').getByText('2 denied').waitFor();
  // The chart loads after the page.
  await page.locator('.recharts-bar-rectangle path').first().waitFor({ state: 'attached' });
  await expect.poll(() => page.getByTestId('usage-total').textContent()).toMatch(/^5 requests in the last 24 hours/);
  const figures = page.getByRole('table', { name: 'Requests by hour' }).getByRole('row').last();
  await expect.poll(() => figures.getByRole('cell').allTextContents()).toEqual(['3', '2']);
});
