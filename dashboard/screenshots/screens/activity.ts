import type { Screen } from './screen.ts';
import { go, openDenied } from './steps.ts';

export const ACTIVITY_SCREENS: readonly Screen[] = [
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
];
