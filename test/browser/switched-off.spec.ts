import { expect, it } from 'vitest';
import { openNewKey } from './support/new-key.js';
import { peopleOfThisFile } from './support/people.js';

const people = peopleOfThisFile({ BUILT_IN_RESOURCES: 'none' });

it('without built-in resources, the dashboard offers no agents, no keys for them and no scopes', async () => {
  const page = await people.arrive(people.orgId);
  const places = page.getByRole('navigation').getByRole('link');
  await places.filter({ hasText: 'Members' }).waitFor();
  await expect.poll(() => places.allTextContents()).not.toContain('Agents');
  await openNewKey(page, 'Backend');
  await page.getByText('This server has no scopes.').waitFor();
  await expect.poll(() => page.getByRole('radio', { name: 'Bearer key' }).count()).toBe(1);
  await expect.poll(() => page.getByRole('radio', { name: 'Key + secret' }).count()).toBe(0);
  await page.getByText('Full access').click();
  await expect.poll(() => page.getByTestId('sentence').textContent()).toContain('do everything that the API offers');
});
