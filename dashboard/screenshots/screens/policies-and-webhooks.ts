import type { Screen } from './screen.ts';
import { go, post, put } from './steps.ts';

export const POLICY_AND_WEBHOOK_SCREENS: readonly Screen[] = [
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
];
