import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { until } from '../support/until.js';
import { sticksOut, violationsOf } from './support/accessibility.js';
import { readDialog, statusOf, store } from './support/new-key.js';
import { peopleOfThisFile } from './support/people.js';

const people = peopleOfThisFile();
const SCOPES = ['contacts:read', 'contacts:write', 'tags:read', 'tags:write'];

let keyId: string;
let key: string;

beforeAll(async () => {
  const page = await people.arrive(people.orgId);
  const made = await post(page, 'api-keys', { name: 'Observed', scopes: SCOPES });
  keyId = String(made['id']);
  key = String(made['api_key']);
  for (const path of ['/contacts', '/contacts', '/contacts', '/teams']) await statusOf(people.url, path, key);
  // Advice needs thirty days.
  const { database } = people.installation;
  await database.query(`UPDATE installation SET scopes_counted_since = now() - interval '40 days'`);
  await database.query(`UPDATE api_keys SET created_at = now() - interval '40 days' WHERE id = $1`, [keyId]);
  await people.goHome();
});

/** Sends the request from the page, with its session. */
function post(page: Page, path: string, body: object): Promise<Record<string, unknown>> {
  const headers = { 'X-Requested-With': 'gatehouse', 'Content-Type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  return page.evaluate(`fetch('/manage/v1/${path}', ${JSON.stringify(init)}).then((answer) => answer.json())`);
}

function patch(page: Page, body: object): Promise<Record<string, unknown>> {
  const headers = { 'X-Requested-With': 'gatehouse', 'Content-Type': 'application/json' };
  const init = { method: 'PATCH', headers, body: JSON.stringify(body) };
  return page.evaluate(
    `fetch('/manage/v1/api-keys/${keyId}', ${JSON.stringify(init)}).then((answer) => answer.json())`,
  );
}

async function open(query = ''): Promise<Page> {
  const page = await people.arrive(people.orgId);
  await page.goto(`${people.url}/dashboard/keys/${keyId}${query}`);
  await page.getByRole('heading', { level: 1, name: 'Observed' }).waitFor();
  return page;
}

it('the page of a key starts with its verdict, and a reason leads to its requests', async () => {
  const page = await open();
  const verdict = page.getByTestId('verdict');
  await verdict.getByText('4 requests in 7 days: 3 allowed, 1 denied').waitFor();
  await verdict.getByRole('heading', { level: 2, name: /75% allowed/ }).waitFor();
  await verdict.getByRole('link', { name: 'Missing scope' }).click();
  await page.getByRole('heading', { level: 1, name: 'Requests' }).waitFor();
  await expect
    .poll(() => Object.fromEntries(new URL(page.url()).searchParams))
    .toMatchObject({ key: keyId, reason: 'scope_missing' });
});

it('the current key is shown with its last call', async () => {
  const page = await open();
  const card = page.locator('#credentials');
  await card.getByText('Current key').waitFor();
  await expect
    .poll(() => card.getByRole('definition').allTextContents())
    .toEqual(expect.arrayContaining(['127.0.0.1', expect.stringMatching(/^node/)]));
});

it('unused scopes are removed with one click, and restored with another', async () => {
  const page = await open();
  await page.getByText('4 scopes granted, 1 used in the last 90 days.').waitFor();
  await page.getByRole('button', { name: 'Remove 3 unused scopes' }).click();
  await page.getByText('3 scopes removed').first().waitFor();
  expect(await statusOf(people.url, '/tags', key)).toBe(403);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('3 scopes restored.').waitFor();
  expect(await statusOf(people.url, '/tags', key)).toBe(200);
});

it('a tested request says what each check decides, and the fix opens the settings with the change made', async () => {
  const page = await open();
  await page.getByRole('tab', { name: 'Test a request' }).click();
  await page.getByRole('textbox', { name: 'Path' }).fill('https://api.example.com/teams');
  await page.getByRole('textbox', { name: 'Path' }).press('Enter');
  const verdict = page.getByTestId('test-verdict');
  await verdict.getByRole('heading', { level: 2, name: 'Denied 403' }).waitFor();
  await expect.poll(() => page.getByRole('list', { name: 'Guards' }).getByRole('listitem').count()).toBe(5);
  expect(await violationsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Grant teams:read' }).click();
  await page.getByText('The scope teams:read is added below.').waitFor();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('The changes are in effect').waitFor();
  await page.goto(`${people.url}/dashboard/keys/${keyId}?tab=test&method=GET&path=%2Fteams`);
  await page.getByTestId('test-verdict').getByRole('heading', { level: 2, name: 'Allowed 200' }).waitFor();
});

it('a key is suspended and resumed on its page, which says who did it', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'Suspend' }).click();
  const dialog = page.getByRole('dialog', { name: 'Suspend Observed' });
  await dialog.getByText('in the last 24 hours').waitFor();
  await dialog.getByRole('button', { name: 'Suspend key' }).click();
  const notice = page.getByTestId('suspended');
  await notice.getByText('Jane Smith suspended it').waitFor();
  expect(await statusOf(people.url, '/tags', key)).toBe(401);
  expect(await violationsOf(page)).toEqual([]);
  await page.goto(`${people.url}/dashboard/keys/${keyId}?tab=test&method=GET&path=%2Ftags`);
  await page.getByTestId('test-verdict').getByText('The key is suspended.').waitFor();
  await page.getByRole('button', { name: 'Resume key' }).click();
  await page.getByRole('dialog', { name: 'Resume Observed' }).getByRole('button', { name: 'Resume key' }).click();
  await notice.waitFor({ state: 'hidden' });
  expect(await statusOf(people.url, '/tags', key)).toBe(200);
});

it('tags, an external ID and metadata are edited in the settings', async () => {
  const page = await open('?tab=settings');
  await page.getByRole('combobox', { name: 'Tags' }).fill('web');
  await page.getByRole('combobox', { name: 'Tags' }).press('Enter');
  await page.getByRole('textbox', { name: 'External ID' }).fill('site-1');
  await page.getByRole('button', { name: 'Add metadata' }).click();
  await page.getByRole('textbox', { name: 'Metadata key 1' }).and(page.locator(':focus')).waitFor();
  await page.getByRole('textbox', { name: 'Metadata key 1' }).fill('bad key');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText("“bad key” can't be a key").waitFor();
  await page.getByRole('textbox', { name: 'Metadata key 1' }).fill('owner');
  await page.getByRole('textbox', { name: 'Metadata value 1' }).fill('web-team');
  expect(await violationsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('The changes are in effect').waitFor();
  await page.getByRole('tab', { name: 'Overview' }).click();
  const facts = page.getByRole('definition');
  await facts.filter({ hasText: 'web-team' }).waitFor();
  await expect.poll(() => facts.allTextContents()).toEqual(expect.arrayContaining(['web', 'site-1', 'owner web-team']));
  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Remove metadata owner' }).click();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('The changes are in effect').first().waitFor();
});

it('of two editors the second is told, and keeps what was typed', async () => {
  const page = await open('?tab=settings');
  const name = page.getByRole('textbox', { name: 'Name' });
  const description = page.getByRole('textbox', { name: 'Description' });
  await description.fill('Mine');
  await patch(page, { description: 'Theirs', tags: ['theirs'] });
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Changed by someone else since you opened it').waitFor();
  expect(await violationsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Reload' }).click();
  await page.getByText('You both changed the description. Yours replaces theirs when you save.').waitFor();
  await expect.poll(() => name.inputValue()).toBe('Observed');
  await expect.poll(() => description.inputValue()).toBe('Mine');
  await page.getByText('theirs', { exact: true }).first().waitFor();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('The changes are in effect').waitFor();
  expect(await patch(page, {})).toMatchObject({ description: 'Mine', tags: ['theirs'] });
});

it('a rotation can wait for the first use of the new key, and the card says whether the old one is used', async () => {
  const page = await people.arrive(people.orgId);
  const made = await post(page, 'api-keys', { name: 'Waiting', scopes: ['tags:read'] });
  const old = String(made['api_key']);
  await page.goto(`${people.url}/dashboard/keys/${String(made['id'])}`);
  await page.getByRole('button', { name: 'Rotate' }).click();
  await page.getByRole('radio', { name: 'At the first use of the new key' }).check();
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
  const { key: fresh } = await readDialog(page);
  await store(page);
  const card = page.locator('#credentials');
  await card.getByText('valid until the new one is used').waitFor();
  await card.getByText('The old key was not used since the rotation.').waitFor();
  expect(await statusOf(people.url, '/tags', old)).toBe(200);
  await until('the use of the old key is shown', async () => {
    await page.reload();
    await card.getByText('Current key').waitFor();
    return (await card.getByText('The old key is still used, from 127.0.0.1').count()) === 1;
  });
  expect(await statusOf(people.url, '/tags', fresh)).toBe(200);
  await until('the old key has an end', async () => {
    await page.reload();
    await card.getByText('Current key').waitFor();
    return (await card.getByText('valid until the new one is used').count()) === 0;
  });
});

it('a key that was found in public says where, by whom, and what was done', async () => {
  const page = await people.arrive(people.orgId);
  const { id } = await post(page, 'api-keys', { name: 'Leaked', scopes: ['tags:read'] });
  await people.installation.database.query(
    `INSERT INTO key_exposures (id, key_id, credential_id, reported_by, url, found_in, action)
     SELECT gen_random_uuid(), key_id, id, 'github', 'https://github.com/acme/site/blob/main/.env', 'commit', 'told'
     FROM key_credentials WHERE key_id = $1`,
    [id],
  );
  await page.goto(`${people.url}/dashboard/keys/${String(id)}`);
  const place = page.locator('#exposures').getByRole('listitem');
  await place.getByText('GitHub secret scanning reported it').waitFor();
  await expect.poll(() => place.textContent()).toContain('https://github.com/acme/site/blob/main/.env (commit)');
  expect(await violationsOf(page)).toEqual([]);
});

it.each([360, 390, 1024, 1280, 1920])('fits %i pixels, light and dark, without violations', async (width) => {
  const page = await open();
  await page.setViewportSize({ width, height: 900 });
  await page.locator('.recharts-bar-rectangle path').first().waitFor({ state: 'attached' });
  await page.getByRole('table', { name: 'Use of scopes' }).waitFor();
  await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' });
  await expect.poll(() => sticksOut(page)).toBe(0);
  expect(await violationsOf(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.locator('html[data-mantine-color-scheme="dark"]').waitFor();
  expect(await violationsOf(page)).toEqual([]);
});
