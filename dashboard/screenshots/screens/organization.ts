import type { Screen } from './screen.ts';
import { go } from './steps.ts';

export const ORGANIZATION_SCREENS: readonly Screen[] = [
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
];
