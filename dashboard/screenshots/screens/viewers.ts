import type { Screen } from './screen.ts';
import { openKey, openKeys, post } from './steps.ts';

const UNAVAILABLE = 'The database is not available. Try again shortly.';
const LONG_NAME = 'Nightly export of bookings, invoices and reviews to the data warehouse in Frankfurt am Main';
const LONG_WORD = 'bookings_invoices_and_reviews_'.repeat(3);

export const VIEWER_SCREENS: readonly Screen[] = [
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
