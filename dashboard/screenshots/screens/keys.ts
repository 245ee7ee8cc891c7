import type { Screen } from './screen.ts';
import { KEY, openKey, openKeys } from './steps.ts';

export const KEY_SCREENS: readonly Screen[] = [
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
];
