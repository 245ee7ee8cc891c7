import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { waitUntilInForce } from '../../src/access/freshness/in-force.js';
import { newKey } from './support/new-key.js';
import { closeByEscape } from './support/keyboard.js';
import { peopleOfThisFile } from './support/people.js';

const people = peopleOfThisFile();

describe('a link', () => {
  it('that was used shows what to do', async () => {
    const link = await people.link(people.orgId);
    const page = await people.newPage();
    await page.goto(link);
    await page.getByRole('heading', { level: 1, name: 'API keys' }).waitFor();
    const other = await people.newPage();
    expect((await other.goto(link))!.status()).toBe(410);
    await other.getByRole('heading', { name: 'This login link no longer works' }).waitFor();
    await other.getByText('open your dashboard from there again').waitFor();
  });

  it('that has expired shows the same', async () => {
    const link = await people.link(people.orgId);
    await people.installation.database.query("update login_links set expires_at = now() - interval '1 second'");
    const page = await people.newPage();
    expect((await page.goto(link))!.status()).toBe(410);
    await page.getByRole('heading', { name: 'This login link no longer works' }).waitFor();
  });

  it('of another user asks before it ends the current session', async () => {
    const orgId = await people.newOrg();
    const page = await people.arrive(orgId);
    await page.goto(await people.link(orgId, { email: 'john@acmetours.example', name: 'John Miller' }));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Your account, John Miller' }).waitFor();
  });
});

describe('two tabs', () => {
  it('with two organizations: the older one changes nothing in the newer, says why, and shows it after a reload', async () => {
    const [first, second] = [await people.newOrg('Acme Tours'), await people.newOrg('Globex Travel')];
    const older = await people.newPage();
    await older.goto(await people.link(first));
    await older.getByRole('link', { name: 'Organization' }).click();
    await older.getByRole('textbox', { name: 'Name' }).fill('Renamed by the older tab');

    const newer = await older.context().newPage();
    await newer.goto(await people.link(second));
    await newer.getByText('You are signed in to Acme Tours as jane@acmetours.example.').waitFor();
    await newer.getByRole('button', { name: 'Sign in' }).click();
    await newer.getByRole('heading', { level: 1, name: 'API keys' }).waitFor();

    await older.getByRole('button', { name: 'Save changes' }).click();
    await older.getByRole('heading', { name: 'You are signed in to another organization' }).waitFor();
    const { rows } = await people.installation.database.query(
      'select name from orgs where id = any($1) order by name',
      [[first, second]],
    );
    expect(rows).toEqual([{ name: 'Acme Tours' }, { name: 'Globex Travel' }]);
    await older.getByRole('button', { name: 'Reload' }).click();
    await older.getByText('Globex Travel').locator('visible=true').waitFor();
  });
});

describe('a signed-out visitor', () => {
  it('sees how to sign in again, also on an open page', async () => {
    const page = await people.arrive(await people.newOrg());
    await page.getByRole('button', { name: /Your account/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    await page.goto(`${people.url}/dashboard/members`);
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
  });

  it('whose session ended sees it at the next request', async () => {
    const orgId = await people.newOrg();
    const page = await people.arrive(orgId);
    const { database } = people.installation;
    await database.query('delete from sessions where member_id in (select id from members where org_id = $1)', [orgId]);
    await waitUntilInForce((sql, values) => database.query(sql, values));
    const signedOut = page.getByRole('heading', { name: 'You are signed out' });
    // A late or prefetching request of the page may be the next one, before the click.
    await page.getByRole('link', { name: 'Members' }).or(signedOut).click();
    await signedOut.waitFor();
  });
});

it('a Member can view everything and change nothing, with a reason', async () => {
  const owner = await people.arrive(people.orgId);
  await newKey(owner, 'Seen by all');
  const page = await people.arrive(people.orgId, {
    email: 'max@acmetours.example',
    name: 'Max Member',
    role: 'Member',
  });
  await page.getByText('You are a Member:').waitFor();
  const generate = page.getByRole('button', { name: 'Generate new key' });
  await expect.poll(() => generate.getAttribute('aria-disabled')).toBe('true');
  await generate.hover();
  await page.getByRole('tooltip', { name: 'Only Owners and Admins can do this.' }).waitFor();
  await page.getByRole('link', { name: 'Seen by all' }).click();
  await page.getByRole('tab', { name: 'Settings' }).click();
  await expect.poll(() => page.getByRole('textbox', { name: 'Name' }).isDisabled()).toBe(true);
  await expect.poll(() => page.getByRole('button', { name: 'Save changes' }).count()).toBe(0);
  for (const place of ['Agents', 'Members', 'Audit', 'Organization']) {
    await page.getByRole('link', { name: place, exact: true }).click();
    await page.getByRole('heading', { level: 1, name: place }).waitFor();
  }
  await expect.poll(() => page.getByRole('textbox', { name: 'Name' }).isDisabled()).toBe(true);
});

it('an Owner can add a member, change the role and remove the member', async () => {
  const page = await people.arrive(await people.newOrg());
  await page.getByRole('link', { name: 'Members' }).click();
  await page.getByRole('button', { name: 'Add member' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('E-mail').fill('ada@acmetours.example');
  await dialog.getByRole('combobox', { name: 'Role' }).click();
  await page.getByRole('option', { name: 'Member' }).click();
  await dialog.getByRole('button', { name: 'Add member' }).click();
  const row = page.getByRole('row', { name: /ada@acmetours/ });
  await row.getByRole('combobox', { name: 'Role of ada' }).click();
  await page.getByRole('option', { name: 'Admin' }).click();
  await page.getByRole('button', { name: 'Change role' }).click();
  await page.getByText('ada is now Admin.').waitFor();
  await row.getByRole('button', { name: 'Remove ada' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('ada@acmetours.example');
  await page.getByRole('button', { name: 'Remove member' }).click();
  await row.waitFor({ state: 'detached' });
});

it('the last Owner cannot be removed, with a readable reason', async () => {
  const page = await people.arrive(await people.newOrg());
  await page.getByRole('link', { name: 'Members' }).click();
  await page.getByRole('combobox', { name: 'Role of Jane Smith' }).click();
  await page.getByRole('option', { name: 'Member' }).click();
  await page.getByText('This is your own role').waitFor();
  await page.getByRole('button', { name: 'Change role' }).click();
  await page.getByText('An organization must have at least one Owner').waitFor();
});

it('settings of the organization are saved, and its new name is in the header', async () => {
  const page = await people.arrive(await people.newOrg());
  await page.getByRole('link', { name: 'Organization' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Acme Journeys');
  await page.getByLabel('Website').fill('https://www.acme.example');
  await page.getByRole('checkbox', { name: 'Keys that expire soon' }).uncheck();
  await page.getByRole('radio', { name: 'Only send a mail' }).check();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Saved.').waitFor();
  await page.getByText('Acme Journeys').locator('visible=true').waitFor();
  await page.reload();
  await expect.poll(() => page.getByLabel('Website').inputValue()).toBe('https://www.acme.example');
  await expect.poll(() => page.getByRole('checkbox', { name: 'Keys that expire soon' }).isChecked()).toBe(false);
  await expect.poll(() => page.getByRole('radio', { name: 'Only send a mail' }).isChecked()).toBe(true);
});

describe('the audit', () => {
  it('can be filtered, shows old and new values, and downloads the filtered entries', async () => {
    const page = await people.arrive(await people.newOrg());
    await newKey(page, 'Audited');
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Audited again');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('The changes are in effect').waitFor();
    await page.getByRole('link', { name: 'Audit' }).click();
    await page.getByRole('combobox', { name: 'Action' }).click();
    await page.getByRole('option', { name: 'Edited API key' }).click();
    const row = page.getByRole('table', { name: 'Audit' }).getByRole('row').filter({ hasText: 'edited API key' });
    await row.waitFor();
    await expect.poll(() => row.locator('del').textContent()).toBe('Audited');
    await expect.poll(() => row.locator('ins').textContent()).toBe('Audited again');
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download CSV' }).click();
    const lines = (await readFile(await (await download).path(), 'utf8')).trimEnd().split('\r\n');
    expect(lines.length).toBe(2);
    expect(lines[0]).toMatch(/^\uFEFF"id",/);
    expect(lines[1]).toContain('api_key.updated');
  });

  it('of the keys opens over the list of keys', async () => {
    const page = await people.arrive(await people.newOrg());
    await newKey(page, 'Over the list');
    await page.getByRole('link', { name: 'API keys' }).first().click();
    await page.getByRole('button', { name: 'Audit' }).click();
    const dialog = page.getByRole('dialog', { name: 'API key audit' });
    await dialog.getByText('created API key').waitFor();
    await expect.poll(() => dialog.getByText('signed in').count()).toBe(0);
    await closeByEscape(dialog);
  });
});
