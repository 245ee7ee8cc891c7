import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { sticksOut, violationsOf } from './support/accessibility.js';
import { openNewKey, statusOf } from './support/new-key.js';
import { peopleOfThisFile } from './support/people.js';

const people = peopleOfThisFile();
const PHONE = { width: 390, height: 844 };

beforeAll(async () => {
  const page = await people.arrive(people.orgId);
  const { api_key } = await post(page, 'api-keys', { name: 'Everyday', scopes: ['contacts:read'] });
  for (const path of ['/contacts', '/tags']) await statusOf(people.url, path, String(api_key));
  const { id } = await post(page, 'api-keys', { name: 'Former', access: 'full' });
  await post(page, `api-keys/${String(id)}/revoke`, {});
  await post(page, 'agents', { name: 'Receptionist', greeting: 'Hello!' });
  await people.goHome();
});

/** Sends the request from the page, with its session. */
function post(page: Page, path: string, body: object): Promise<Record<string, unknown>> {
  const headers = { 'X-Requested-With': 'gatehouse', 'Content-Type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  return page.evaluate(`fetch('/manage/v1/${path}', ${JSON.stringify(init)}).then((answer) => answer.json())`);
}

/** Switches the system to dark, and waits until the page has changed. */
async function darken(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.locator('html[data-mantine-color-scheme="dark"]').waitFor();
}

async function openKey(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Everyday' }).click();
  await page.locator('.recharts-bar-rectangle path').first().waitFor({ state: 'attached' });
}

async function go(page: Page, place: string): Promise<void> {
  await page.getByRole('link', { name: place, exact: true }).click();
  await page.getByRole('heading', { level: 1, name: place }).waitFor();
}

const SCREENS: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'the list of keys': (page) => page.getByRole('link', { name: 'Everyday' }).waitFor(),
  'the audit over it': async (page) => {
    await page.getByRole('button', { name: 'Audit' }).click();
    await page.getByRole('dialog').getByText('revoked API key').waitFor();
  },
  'the form of a new key': async (page) => {
    await openNewKey(page, 'Looked at');
    await page.getByLabel('contacts:read').check();
    await page.getByRole('combobox', { name: 'Allowed IP addresses' }).fill('10.0.0.5/8');
    await page.getByText('must start at the first address of its range').waitFor();
  },
  'the form of a key with a secret': async (page) => {
    await openNewKey(page, 'Looked at');
    await page.getByRole('radio', { name: /Key \+ secret/ }).click();
    await page.getByRole('button', { name: 'Generate key' }).click();
    await page.getByText('Choose an agent').waitFor();
  },
  'the dialog of a new key': async (page) => {
    await openNewKey(page, 'Copied');
    await page.getByLabel('Full access').check();
    await page.getByRole('button', { name: 'Generate key' }).click();
    await page.getByRole('dialog').getByText('Make your first request').waitFor();
  },
  'the page of a key': openKey,
  'its settings': async (page) => {
    await openKey(page);
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByRole('group', { name: 'Scopes' }).waitFor();
  },
  'its audit': async (page) => {
    await openKey(page);
    await page.getByRole('tab', { name: 'Audit' }).click();
    await page.getByText('created API key').waitFor();
  },
  'the dialog that rotates it': async (page) => {
    await openKey(page);
    await page.getByRole('button', { name: 'Rotate' }).click();
    await page.getByRole('dialog').waitFor();
  },
  'the dialog that revokes it': async (page) => {
    await openKey(page);
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').waitFor();
  },
  'the dialog that suspends it': async (page) => {
    await openKey(page);
    await page.getByRole('button', { name: 'Suspend' }).click();
    await page.getByRole('dialog').waitFor();
  },
  policies: async (page) => {
    await go(page, 'Policies');
    await page.getByLabel('Forbid full access').waitFor();
  },
  webhooks: async (page) => {
    await go(page, 'Webhooks');
    await page.getByText('No webhook endpoints yet').waitFor();
  },
  'the form of a new webhook endpoint': async (page) => {
    await go(page, 'Webhooks');
    await page.getByRole('button', { name: 'New endpoint' }).click();
    await page.getByLabel('All events of API keys').check();
  },
  'the audit': async (page) => {
    await go(page, 'Audit');
    await page.getByRole('cell', { name: /revoked API key/ }).waitFor();
  },
  agents: async (page) => {
    await go(page, 'Agents');
    await page.getByRole('cell', { name: /^Receptionist/ }).waitFor();
  },
  members: async (page) => {
    await go(page, 'Members');
    await page.getByRole('combobox', { name: 'Role of Jane Smith' }).waitFor();
  },
  'the confirmation of another role': async (page) => {
    await go(page, 'Members');
    await page.getByRole('combobox', { name: 'Role of Jane Smith' }).click();
    await page.getByRole('option', { name: 'Admin' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Change role' }).waitFor();
  },
  'the question before unsaved work is lost': async (page) => {
    await openNewKey(page, 'Half done');
    await page.getByRole('navigation').getByRole('link', { name: 'Members' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Keep editing' }).waitFor();
  },
  'the form of a new key with nothing filled in': async (page) => {
    await openNewKey(page, '');
    await page.getByRole('button', { name: 'Generate key' }).click();
    await page.getByText('Choose at least one scope.', { exact: true }).waitFor();
  },
  'a key that is not confirmed as stored': async (page) => {
    await page.getByRole('link', { name: 'Everyday' }).click();
    await page.getByRole('button', { name: 'Mark as saved' }).waitFor();
  },
  'the organization': async (page) => {
    await go(page, 'Organization');
    await page.getByLabel('Website').waitFor();
  },
};

describe('axe finds no problem, in light and dark mode, on desktop and phone, with', () => {
  it.each(Object.keys(SCREENS))('%s', async (name) => {
    const page = await people.arrive(people.orgId);
    await SCREENS[name]!(page);
    const atDesk = await violationsOf(page);
    await darken(page);
    await page.setViewportSize(PHONE);
    const onPhone = await violationsOf(page);
    expect({ atDesk, onPhone, sticksOut: await sticksOut(page) }).toEqual({ atDesk: [], onPhone: [], sticksOut: 0 });
  });

  it('the settings of a key, for a Member', async () => {
    const page = await people.arrive(people.orgId, { email: 'max@acmetours.example', name: 'Max', role: 'Member' });
    await SCREENS['its settings']!(page);
    const atDesk = await violationsOf(page);
    await darken(page);
    expect({ atDesk, inTheDark: await violationsOf(page) }).toEqual({ atDesk: [], inTheDark: [] });
  });

  it('the pages for signed-out visitors', async () => {
    const page = await people.newPage();
    const paths = ['/dashboard/', `/partner-login?token=${'0'.repeat(64)}`];
    for (const path of paths) {
      await page.goto(people.url + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect([path, await violationsOf(page)]).toEqual([path, []]);
    }
  });
});

describe('a page', () => {
  it('follows the color scheme of the system', async () => {
    const page = await people.arrive(people.orgId);
    const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    await expect.poll(background).toBe('rgb(247, 248, 248)');
    await darken(page);
    await expect.poll(background).toBe('rgb(17, 20, 20)');
  });

  it('shows times in the time zone of the viewer, and in UTC on hover', async () => {
    const page = await people.arrive(people.orgId, { timezoneId: 'Pacific/Kiritimati' });
    await go(page, 'Audit');
    const time = page.getByRole('table', { name: 'Audit' }).locator('time').first();
    const at = new Date((await time.getAttribute('datetime'))!);
    const utc = at.toISOString();
    await expect.poll(() => time.getAttribute('title')).toBe(`${utc.slice(0, 10)} ${utc.slice(11, 19)} UTC`);
    const there = new Date(at.getTime() + 14 * 3_600_000).toISOString().slice(11, 16);
    await expect.poll(() => time.textContent()).toContain(there);
  });

  it('shows an error, and retries on request', async () => {
    const page = await people.arrive(people.orgId);
    await page.route('**/manage/v1/members*', (route) =>
      route.fulfill({ status: 400, json: { statusCode: 400, message: 'Something is amiss.' } }),
    );
    await go(page, 'Members');
    await page.getByRole('alert').getByText('Something is amiss.').waitFor();
    await page.unroute('**/manage/v1/members*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('cell', { name: /^Jane Smith/ }).waitFor();
  });
});

it('a key can be found, opened and rotated on a phone', async () => {
  const page = await people.arrive(people.orgId, { viewport: PHONE, hasTouch: true, isMobile: true });
  await page.getByRole('button', { name: 'Menu' }).tap();
  await page.getByRole('link', { name: 'Agents' }).tap();
  await page.getByRole('cell', { name: /^Receptionist/ }).waitFor();
  await page.getByRole('button', { name: 'Menu' }).tap();
  await page.getByRole('link', { name: 'API keys' }).tap();
  await page.getByRole('link', { name: 'Everyday' }).tap();
  await page.getByRole('button', { name: 'Rotate' }).tap();
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).tap();
  await page.getByLabel('I have stored this key').tap();
  await page.getByRole('button', { name: 'Done' }).tap();
  await page.getByText('Old key still works').first().waitFor();
});

it('a key can be created by keyboard only', async () => {
  const page = await people.arrive(people.orgId);
  const tabTo = async (role: 'button' | 'link' | 'textbox' | 'radio' | 'checkbox', name: string | RegExp) => {
    const target = page.getByRole(role, { name }).first();
    for (let step = 0; step < 25; step++) {
      await page.keyboard.press('Tab');
      if ((await target.and(page.locator(':focus')).count()) > 0) return;
    }
    throw new Error(`${role} ${name} is not reached`);
  };
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await tabTo('button', 'Generate new key');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Generate new key' }).waitFor();
  await tabTo('textbox', 'Name');
  await page.keyboard.type('By hand');
  await tabTo('checkbox', 'actions:read');
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Space');
  await expect.poll(() => page.getByLabel('actions:write').isChecked()).toBe(true);
  await tabTo('button', 'Generate key');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Copy By hand now' }).waitFor();
  await page.getByLabel('I have stored this key').focus();
  await page.keyboard.press('Space');
  await tabTo('button', 'Done');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'By hand' }).waitFor();
});
