import type { Screen } from './screen.ts';
import { fillNewKey, fillServiceKey, go, openKeys, post } from './steps.ts';

export const NEW_KEY_SCREENS: readonly Screen[] = [
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
];
