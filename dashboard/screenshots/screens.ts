import type { Page } from 'playwright-core';

/** The viewers, each with a separate browser. */
export type Viewer = 'owner' | 'member' | 'newcomer' | 'moved' | 'invited' | 'anonymous';

export interface Screen {
  readonly name: string;
  readonly viewer: Viewer;
  /** Takes the whole page instead of the viewport. */
  readonly isTall?: true;
  /** Opens the screen from any page, and waits until it is complete. */
  readonly open: (page: Page) => Promise<void>;
}

const KEY = 'Mobile app backend';
const UNAVAILABLE = 'The database is not available. Try again shortly.';
const LONG_NAME = 'Nightly export of bookings, invoices and reviews to the data warehouse in Frankfurt am Main';
const LONG_WORD = 'bookings_invoices_and_reviews_'.repeat(3);

export const SCREENS: readonly Screen[] = [
  { name: 'empty', viewer: 'newcomer', open: (page) => page.getByText('Create your first API key').waitFor() },
  { name: 'keys', viewer: 'owner', isTall: true, open: openKeys },
  {
    name: 'keys-selected',
    viewer: 'owner',
    open: async (page) => {
      await openKeys(page);
      await page.getByRole('button', { name: /^No expiry/ }).click();
      for (const name of ['Call center', KEY]) await page.getByRole('checkbox', { name: `Select ${name}` }).check();
      await page.getByText('2 keys selected').waitFor();
    },
  },
  {
    name: 'keys-scopes',
    viewer: 'owner',
    open: async (page) => {
      await openKeys(page);
      await page.getByRole('button', { name: `scopes of ${KEY}` }).click();
      await page.getByRole('link', { name: 'Review scopes' }).waitFor();
    },
  },
  {
    name: 'keys-ended',
    viewer: 'owner',
    open: async (page) => {
      await openKeys(page);
      await page.getByRole('tab', { name: 'Revoked / Expired' }).click();
      await page.getByRole('link', { name: 'Old website' }).waitFor();
    },
  },
  {
    name: 'keys-audit',
    viewer: 'owner',
    open: async (page) => {
      await openKeys(page);
      await page.getByRole('button', { name: 'Audit' }).click();
      await page.getByRole('dialog').getByRole('table').waitFor();
    },
  },
  {
    name: 'key',
    viewer: 'owner',
    isTall: true,
    open: async (page) => {
      await openKey(page);
      await page.getByText('30 days', { exact: true }).click();
      await page.locator('.recharts-bar-rectangle path').first().waitFor({ state: 'attached' });
    },
  },
  {
    name: 'key-requests',
    viewer: 'owner',
    open: async (page) => {
      await openKeys(page);
      await page.getByRole('link', { name: 'Contact viewer' }).click();
      await page.getByRole('tab', { name: 'Requests' }).click();
      await page.getByRole('table', { name: 'Requests' }).waitFor();
    },
  },
  {
    name: 'key-test',
    viewer: 'owner',
    isTall: true,
    open: async (page) => {
      await openKey(page);
      await page.getByRole('tab', { name: 'Test a request' }).click();
      await page.getByLabel('Method', { exact: true }).selectOption('POST');
      await page.getByRole('textbox', { name: 'Path' }).fill('/contacts');
      await page.getByRole('button', { name: 'Test', exact: true }).click();
      await page.getByRole('list', { name: 'Guards' }).waitFor();
    },
  },
  {
    name: 'key-settings',
    viewer: 'owner',
    open: async (page) => {
      await openKey(page);
      await page.getByRole('tab', { name: 'Settings' }).click();
      await page.getByRole('group', { name: 'Scopes' }).waitFor();
    },
  },
  {
    name: 'key-audit',
    viewer: 'owner',
    open: async (page) => {
      await openKey(page);
      await page.getByRole('tab', { name: 'Audit' }).click();
      await page.getByRole('table', { name: 'Audit' }).waitFor();
    },
  },
  {
    name: 'rotate',
    viewer: 'owner',
    open: async (page) => {
      await openKey(page);
      await page.getByRole('button', { name: 'Rotate' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'revoke',
    viewer: 'owner',
    open: async (page) => {
      await openKey(page);
      await page.getByRole('button', { name: 'Revoke' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'suspend',
    viewer: 'owner',
    open: async (page) => {
      await openKey(page);
      await page.getByRole('button', { name: 'Suspend' }).click();
      await page.getByRole('dialog').getByText('in the last 24 hours').waitFor();
    },
  },
  {
    name: 'key-suspended',
    viewer: 'owner',
    open: async (page) => {
      await openKeys(page);
      await page.getByRole('link', { name: 'Quarterly report' }).click();
      await page.getByRole('button', { name: 'Suspend' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Suspend key' }).click();
      await page.getByTestId('suspended').getByText('suspended it').waitFor();
    },
  },
  {
    name: 'key-labels',
    viewer: 'owner',
    isTall: true,
    open: async (page) => {
      await openKeys(page);
      await page.getByRole('link', { name: 'CRM sync' }).click();
      await page.getByRole('tab', { name: 'Settings' }).click();
      await page.getByRole('combobox', { name: 'Tags' }).fill('crm,nightly,');
      await page.getByRole('textbox', { name: 'External ID' }).fill('crm-sync-eu');
      await page.getByRole('button', { name: 'Add metadata' }).click();
      await page.getByRole('textbox', { name: 'Metadata key 1' }).fill('owner');
      await page.getByRole('textbox', { name: 'Metadata value 1' }).fill('crm-team');
      await page.getByRole('button', { name: 'Save changes' }).click();
      await page.getByText('The changes are in effect').waitFor({ state: 'visible' });
      await page.getByText('The changes are in effect').waitFor({ state: 'hidden' });
    },
  },
  {
    name: 'policies',
    viewer: 'owner',
    isTall: true,
    open: async (page) => {
      await put(page, 'key-policy', { expiry_required: true, max_lifetime_days: 365 });
      await page.reload();
      await go(page, 'Policies');
      await page.getByRole('list', { name: 'Keys that break the rules' }).waitFor();
    },
  },
  {
    name: 'policies-review',
    viewer: 'owner',
    open: async (page) => {
      await go(page, 'Policies');
      await page.getByLabel('Forbid full access').check();
      await page.getByLabel('Deny existing keys from').fill('2027-06-01');
      await page.getByRole('button', { name: 'Review and save' }).click();
      await page.getByRole('dialog').getByRole('listitem').first().waitFor();
    },
  },
  {
    name: 'webhooks-empty',
    viewer: 'owner',
    open: async (page) => {
      // Other screens create keys that the rules would refuse.
      await put(page, 'key-policy', {});
      await page.keyboard.press('Escape');
      await page.reload();
      await go(page, 'Webhooks');
      await page.getByText('No webhook endpoints yet').waitFor();
    },
  },
  {
    name: 'webhook-new',
    viewer: 'owner',
    open: async (page) => {
      await go(page, 'Webhooks');
      await page.getByRole('button', { name: 'New endpoint' }).click();
      await page.getByLabel('URL').fill('https://hooks.acmetours.example/gatehouse');
      await page.getByLabel('All events of API keys').check();
    },
  },
  {
    name: 'webhook',
    viewer: 'owner',
    isTall: true,
    open: async (page) => {
      await page.keyboard.press('Escape');
      await page.reload();
      const url = 'https://hooks.acmetours.example/gatehouse';
      await post(page, 'webhooks', { url, description: 'Audit trail of the security team', events: ['api_key.*'] });
      await post(page, 'api-keys', { name: 'Price feed', scopes: ['contacts:read'] });
      await page.reload();
      await go(page, 'Webhooks');
      await page.getByRole('link', { name: url }).click();
      await page.getByRole('button', { name: /^api_key.created/ }).click();
      await page.getByRole('figure', { name: 'Payload' }).waitFor();
    },
  },
  {
    name: 'audit',
    viewer: 'owner',
    open: async (page) => {
      await go(page, 'Audit');
      await page.getByRole('table', { name: 'Audit' }).waitFor();
    },
  },
  {
    name: 'audit-filtered',
    viewer: 'owner',
    open: async (page) => {
      await go(page, 'Audit');
      await page.getByRole('combobox', { name: 'Action' }).click();
      await page.getByRole('option', { name: 'Created API key' }).click();
      await page.getByRole('button', { name: 'Clear' }).waitFor();
      await page.getByText('signed in').first().waitFor({ state: 'hidden' });
    },
  },
  {
    name: 'requests',
    viewer: 'owner',
    open: async (page) => {
      await go(page, 'Requests');
      await page.getByRole('table', { name: 'Requests' }).getByRole('button').first().waitFor();
      await page.getByRole('group', { name: 'Requests over time' }).waitFor();
    },
  },
  {
    name: 'request',
    viewer: 'owner',
    open: async (page) => {
      await openDenied(page);
      await page.getByRole('list', { name: 'Guards' }).waitFor();
    },
  },
  {
    name: 'requests-empty',
    viewer: 'owner',
    open: async (page) => {
      await page.goto(new URL('/dashboard/requests?status=418', page.url()).href);
      await page.getByText('No requests match').waitFor();
    },
  },
  {
    name: 'palette',
    viewer: 'owner',
    open: async (page) => {
      await openDenied(page);
      const id = await page.getByRole('dialog').locator('dd .mono').first().textContent();
      await page.keyboard.press('Escape');
      await go(page, 'API keys');
      await page.keyboard.press('Control+k');
      await page.keyboard.insertText(`X-Request-Id: ${id}`);
      await page.getByRole('option').first().waitFor();
    },
  },
  {
    name: 'agents',
    viewer: 'owner',
    open: async (page) => {
      await go(page, 'Agents');
      await page.getByRole('cell', { name: /^Front desk/ }).waitFor();
    },
  },
  {
    name: 'members',
    viewer: 'owner',
    open: async (page) => {
      await go(page, 'Members');
      await page.getByRole('cell', { name: /^Jane Smith/ }).waitFor();
    },
  },
  {
    name: 'organization',
    viewer: 'owner',
    open: async (page) => {
      await go(page, 'Organization');
      await page.getByLabel('Website').waitFor();
    },
  },
  {
    name: 'member-role',
    viewer: 'owner',
    open: async (page) => {
      await go(page, 'Members');
      await page.getByRole('combobox', { name: 'Role of Max Lindqvist' }).click();
      await page.getByRole('option', { name: 'Admin' }).click();
      await page.getByRole('dialog', { name: 'Change role to Admin?' }).waitFor();
    },
  },
  { name: 'new-key', viewer: 'owner', isTall: true, open: fillNewKey },
  {
    name: 'services-empty',
    viewer: 'owner',
    open: async (page) => {
      await page.route('**/manage/v1/services', (route) => route.fulfill({ json: { items: [] } }));
      await page.goto(new URL('/dashboard/services', page.url()).href);
      await page.getByText('No services yet').waitFor();
      await page.unrouteAll();
    },
  },
  {
    name: 'services',
    viewer: 'owner',
    open: async (page) => {
      await post(page, 'api-keys', { name: 'Booking engine', scopes: ['bookings:read', 'bookings:write'] });
      await post(page, 'api-keys', {
        name: 'Accounting export',
        scopes: ['contacts:read', 'payments:read', 'vouchers:read'],
      });
      await page.reload();
      await go(page, 'Services');
      await page.getByRole('link', { name: 'Bookings' }).waitFor();
    },
  },
  {
    name: 'service',
    viewer: 'owner',
    isTall: true,
    open: async (page) => {
      await go(page, 'Services');
      await page.getByRole('link', { name: 'Bookings' }).click();
      await page.getByRole('heading', { level: 1, name: 'Bookings' }).waitFor();
    },
  },
  {
    name: 'new-key-services',
    viewer: 'owner',
    isTall: true,
    open: async (page) => {
      await fillServiceKey(page);
      await page.evaluate(`document.querySelector('table[aria-label="Bookings"]').scrollIntoView(); scrollBy(0, -80)`);
    },
  },
  {
    name: 'copy-now-service',
    viewer: 'owner',
    open: async (page) => {
      await fillServiceKey(page);
      await page.getByRole('button', { name: 'Generate key' }).click();
      await page.getByText('Make your first request to Bookings').waitFor();
    },
  },
  {
    name: 'unsaved',
    viewer: 'owner',
    open: async (page) => {
      await fillNewKey(page);
      await page.getByRole('navigation').getByRole('link', { name: 'Members' }).click();
      await page.getByRole('dialog', { name: 'Discard unsaved changes?' }).waitFor();
    },
  },
  {
    name: 'new-key-search',
    viewer: 'owner',
    isTall: true,
    open: async (page) => {
      await fillNewKey(page);
      await page.getByLabel('Search resources').fill('contact');
      await page.getByLabel('actions:read').waitFor({ state: 'hidden' });
    },
  },
  {
    name: 'new-key-problems',
    viewer: 'owner',
    isTall: true,
    open: async (page) => {
      await openKeys(page);
      await page.getByRole('button', { name: 'Generate new key' }).click();
      await page.getByRole('combobox', { name: 'Allowed IP addresses' }).fill('10.0.0.5/8');
      await page.getByRole('button', { name: 'Generate key' }).click();
      await page.getByText('Choose at least one scope.', { exact: true }).waitFor();
    },
  },
  {
    name: 'copy-now',
    viewer: 'owner',
    open: async (page) => {
      await fillNewKey(page);
      await page.getByRole('button', { name: 'Generate key' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'copy-now-tested',
    viewer: 'owner',
    open: async (page) => {
      await fillNewKey(page);
      await page.getByRole('button', { name: 'Generate key' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Test now' }).click();
      await page.getByTestId('trial').waitFor();
    },
  },
  {
    name: 'new-key-template',
    viewer: 'owner',
    isTall: true,
    open: async (page) => {
      await openKeys(page);
      await page.getByRole('button', { name: 'Generate new key' }).click();
      await page.getByRole('radio', { name: /^CRM sync/ }).click();
      await page.getByLabel('leads:write').waitFor();
    },
  },
  {
    name: 'unavailable',
    viewer: 'owner',
    open: async (page) => {
      await page.route('**/manage/v1/members*', (route) =>
        route.fulfill({ status: 503, json: { statusCode: 503, message: UNAVAILABLE } }),
      );
      await page.goto(new URL('/dashboard/members', page.url()).href);
      await page.getByRole('alert').getByText(UNAVAILABLE).waitFor();
      await page.unrouteAll();
    },
  },
  { name: 'member', viewer: 'member', open: openKeys },
  {
    name: 'member-settings',
    viewer: 'member',
    isTall: true,
    open: async (page) => {
      await openKey(page);
      await page.getByRole('tab', { name: 'Settings' }).click();
      await page.getByRole('group', { name: 'Scopes' }).waitFor();
    },
  },
  {
    name: 'long-names',
    viewer: 'newcomer',
    open: async (page) => {
      await post(page, 'api-keys', { name: LONG_NAME, description: LONG_NAME, scopes: ['contacts:read'] });
      await post(page, 'api-keys', { name: LONG_WORD, description: LONG_WORD, access: 'full' });
      await page.reload();
      await page.getByRole('link', { name: LONG_WORD }).waitFor();
    },
  },
  {
    name: 'confirm-stored',
    viewer: 'newcomer',
    open: async (page) => {
      await page.getByRole('link', { name: LONG_NAME }).click();
      await page.getByRole('button', { name: 'Mark as saved' }).waitFor();
    },
  },
  { name: 'sign-in', viewer: 'invited', open: (page) => page.getByRole('button', { name: 'Sign in' }).waitFor() },
  {
    name: 'other-organization',
    viewer: 'moved',
    open: async (page) => {
      await page.getByRole('navigation').getByRole('link', { name: 'Members' }).click();
      await page.getByRole('heading', { name: 'You are signed in to another organization' }).waitFor();
    },
  },
  {
    name: 'signed-out',
    viewer: 'anonymous',
    open: (page) => page.getByRole('heading', { name: 'You are signed out' }).waitFor(),
  },
  {
    name: 'link-used',
    viewer: 'anonymous',
    open: async (page) => {
      await page.goto(new URL(`/partner-login?token=${'0'.repeat(64)}`, page.url()).href);
    },
  },
];

async function go(page: Page, place: string): Promise<void> {
  await page.keyboard.press('Escape');
  // A dialog with a new key closes only when the key is saved.
  const isKeyShown = await page.getByRole('dialog', { name: /^Copy/ }).isVisible();
  if (isKeyShown) await page.goto(new URL('/dashboard/', page.url()).href);
  await page.getByRole('navigation').getByRole('link', { name: place, exact: true }).click();
  const discard = page.getByRole('button', { name: 'Discard changes' });
  await discard
    .or(page.getByRole('heading', { level: 1, name: place }))
    .first()
    .waitFor();
  if (await discard.isVisible()) await discard.click();
  await page.getByRole('heading', { level: 1, name: place }).waitFor();
}

async function openKeys(page: Page): Promise<void> {
  await go(page, 'API keys');
  await page.getByRole('link', { name: KEY }).waitFor();
}

async function openKey(page: Page): Promise<void> {
  await openKeys(page);
  await page.getByRole('link', { name: KEY }).click();
  await page.getByRole('heading', { level: 1, name: KEY }).waitFor();
}

async function openDenied(page: Page): Promise<void> {
  await page.goto(new URL('/dashboard/requests?outcome=denied', page.url()).href);
  await page.getByRole('table', { name: 'Requests' }).getByRole('button').first().click();
  await page.getByRole('dialog').getByText('Details').waitFor();
}

/** Sends a request as the dashboard does. */
async function post(page: Page, path: string, body: object): Promise<void> {
  const headers = { 'X-Requested-With': 'gatehouse', 'Content-Type': 'application/json' };
  await page.evaluate(
    `fetch('/manage/v1/${path}', ${JSON.stringify({ method: 'POST', headers, body: JSON.stringify(body) })})`,
  );
}

async function put(page: Page, path: string, body: object): Promise<void> {
  const headers = { 'X-Requested-With': 'gatehouse', 'Content-Type': 'application/json' };
  await page.evaluate(
    `fetch('/manage/v1/${path}', ${JSON.stringify({ method: 'PUT', headers, body: JSON.stringify(body) })})`,
  );
}

async function fillNewKey(page: Page): Promise<void> {
  await openKeys(page);
  await page.getByRole('button', { name: 'Generate new key' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Loyalty programme');
  await page.getByRole('textbox', { name: 'Description' }).fill('Reads bookings, and tags who travels often.');
  for (const scope of ['chat-sessions:read', 'contacts:read', 'contacts:write']) await page.getByLabel(scope).check();
  await page.getByText('90 days').click();
  await page.getByRole('button', { name: /^Add my current address/ }).click();
  // Checking a box has scrolled to it.
  await page.evaluate(`document.querySelector('fieldset[aria-label="Scopes"]').scrollTop = 0`);
}

async function fillServiceKey(page: Page): Promise<void> {
  await openKeys(page);
  await page.getByRole('button', { name: 'Generate new key' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Partner portal');
  const scopes = ['contacts:read', 'bookings:read', 'bookings:write', 'vouchers:read', 'dispatch:assign'];
  for (const scope of scopes) await page.getByLabel(scope).check();
}
