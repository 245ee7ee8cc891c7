import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { until } from '../support/until.js';
import { StubServer } from '../support/stub-server.js';
import { deliveriesTo, verified } from '../support/webhook-receiver.js';
import { sticksOut, violationsOf } from './support/accessibility.js';
import { manage } from './support/calls.js';
import { peopleOfThisFile } from './support/people.js';

const receiver = await StubServer.start('127.0.0.1');
const people = peopleOfThisFile({ OUTBOUND_ALLOWED_HOSTS: `127.0.0.1:${receiver.port}` });
afterAll(() => receiver.close());

let path: string;
beforeEach(() => {
  path = `/${randomUUID()}`;
  receiver.answers(204);
});

async function open(orgId: string): Promise<Page> {
  const page = await people.arrive(orgId);
  await page.getByRole('link', { name: 'Webhooks' }).click();
  await page.getByRole('heading', { level: 1, name: 'Webhooks' }).waitFor();
  return page;
}

/** Creates an endpoint with a request, and opens its page. */
async function openEndpoint(orgId: string, settings: object = {}): Promise<Page> {
  const page = await open(orgId);
  const { id } = await manage(page, 'webhooks', { url: receiver.url + path, events: ['api_key.*'], ...settings });
  await page.goto(`${people.url}/dashboard/webhooks/${String(id)}`);
  await page.getByRole('heading', { level: 2, name: 'Deliveries' }).waitFor();
  return page;
}

it('a new endpoint shows its secret once, and a test event arrives with a signature that the secret verifies', async () => {
  const page = await open(await people.newOrg('Acme Hooks'));
  await page.getByText('No webhook endpoints yet').waitFor();
  expect(await violationsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'New endpoint' }).click();
  const form = page.getByRole('dialog', { name: 'New webhook endpoint' });
  await form.getByRole('button', { name: 'Create endpoint' }).click();
  await form.getByText('Choose at least one event.').waitFor();
  await form.getByLabel('URL').fill(receiver.url + path);
  await form.getByLabel('All events of API keys').check();
  await form.getByLabel('api_key.updated').uncheck();
  await form.getByLabel('member.created').check();
  expect(await violationsOf(page)).toEqual([]);
  await form.getByRole('button', { name: 'Create endpoint' }).click();
  const shown = page.getByRole('dialog', { name: 'Copy the signing secret now' });
  const secret = await shown.getByRole('figure', { name: 'Signing secret' }).locator('pre').textContent();
  await page.keyboard.press('Escape');
  await expect.poll(() => shown.getByRole('button', { name: 'Done' }).isEnabled()).toBe(false);
  await shown.getByLabel('I have stored this secret').check();
  await shown.getByRole('button', { name: 'Done' }).click();
  await shown.waitFor({ state: 'detached' });
  await page.getByText('No deliveries yet').waitFor();
  await expect.poll(() => page.content()).not.toContain(secret!);
  await page.getByRole('button', { name: 'Send test event' }).click();
  const [request] = await deliveriesTo(receiver, path, 1);
  expect(verified(request!, secret!)).toMatchObject({ type: 'webhook.test' });
  await page.getByRole('button', { name: /^webhook\.test Delivered/ }).waitFor();
});

it('a failed delivery shows its attempts, and is sent again on request', async () => {
  receiver.answers(400);
  const page = await openEndpoint(await people.newOrg('Acme Failures'));
  await manage(page, 'api-keys', { name: 'Web', scopes: ['contacts:read'] });
  await page.reload();
  const row = page.getByRole('button', { name: /^api_key\.created Pending 400/ });
  await row.waitFor();
  await row.click();
  const attempts = page.getByRole('list', { name: 'Attempts' });
  await attempts.getByText('400').first().waitFor();
  await page.getByText('Next attempt').waitFor();
  await page.getByRole('figure', { name: 'Payload' }).getByText('"name": "Web"').waitFor();
  expect(await violationsOf(page)).toEqual([]);
  receiver.answers(204);
  await page.getByRole('button', { name: 'Send now' }).click();
  await page.getByRole('button', { name: /^api_key\.created Delivered 204/ }).waitFor();
});

it('a secret is rotated, and both sign meanwhile', async () => {
  const page = await openEndpoint(await people.newOrg('Acme Secrets'));
  await page.getByRole('button', { name: 'Rotate secret' }).click();
  await page.getByRole('radio', { name: '1 hour' }).check();
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate secret' }).click();
  const shown = page.getByRole('dialog', { name: 'Copy the signing secret now' });
  const secret = await shown.getByRole('figure', { name: 'Signing secret' }).locator('pre').textContent();
  await shown.getByLabel('I have stored this secret').check();
  await shown.getByRole('button', { name: 'Done' }).click();
  await page.getByText('The old secret signs too until').waitFor();
  await page.getByRole('button', { name: 'Send test event' }).click();
  const [request] = await deliveriesTo(receiver, path, 1);
  expect(String(request!.headers['webhook-signature']).split(' ')).toHaveLength(2);
  expect(verified(request!, secret!)).toMatchObject({ type: 'webhook.test' });
});

it('an endpoint that answers 410 is disabled, says why, and is enabled again', async () => {
  receiver.answers(410);
  const page = await openEndpoint(await people.newOrg('Acme Gone'));
  await page.getByRole('button', { name: 'Send test event' }).click();
  await deliveriesTo(receiver, path, 1);
  const notice = page.getByTestId('disabled');
  await until('the endpoint is disabled', async () => {
    await page.reload();
    await page.getByRole('heading', { level: 2, name: 'Deliveries' }).waitFor();
    return (await notice.count()) === 1;
  });
  await notice.getByText('It answered 410 Gone').waitFor();
  expect(await violationsOf(page)).toEqual([]);
  receiver.answers(204);
  await notice.getByRole('button', { name: 'Enable' }).click();
  await notice.waitFor({ state: 'hidden' });
  await page.getByRole('switch', { name: 'Enabled' }).waitFor();
});

it('an endpoint is deleted after its host is typed', async () => {
  const page = await openEndpoint(await people.newOrg('Acme Endings'));
  await page.getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete webhook endpoint' });
  await dialog.getByRole('textbox').fill(`127.0.0.1:${receiver.port}`);
  await dialog.getByRole('button', { name: 'Delete endpoint' }).click();
  await page.getByText('No webhook endpoints yet').waitFor();
});

it.each([360, 1024, 1920])('fits %i pixels, light and dark, without violations', async (width) => {
  const page = await openEndpoint(await people.newOrg('Acme Looks'), { signature: 'ed25519' });
  await page.setViewportSize({ width, height: 900 });
  await page.getByText('whpk_').first().waitFor();
  await expect.poll(() => sticksOut(page)).toBe(0);
  expect(await violationsOf(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.locator('html[data-mantine-color-scheme="dark"]').waitFor();
  expect(await violationsOf(page)).toEqual([]);
});
