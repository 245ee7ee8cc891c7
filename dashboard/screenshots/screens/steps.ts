import type { Page } from 'playwright-core';

/** The key that most screens show. */
export const KEY = 'Mobile app backend';

/** Opens a page by the navigation, and leaves open dialogs. */
export async function go(page: Page, place: string): Promise<void> {
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

export async function openKeys(page: Page): Promise<void> {
  await go(page, 'API keys');
  await page.getByRole('link', { name: KEY }).waitFor();
}

export async function openKey(page: Page): Promise<void> {
  await openKeys(page);
  await page.getByRole('link', { name: KEY }).click();
  await page.getByRole('heading', { level: 1, name: KEY }).waitFor();
}

export async function openDenied(page: Page): Promise<void> {
  await page.goto(new URL('/dashboard/requests?outcome=denied', page.url()).href);
  await page.getByRole('table', { name: 'Requests' }).getByRole('button').first().click();
  await page.getByRole('dialog').getByText('Details').waitFor();
}

/** Sends a request as the dashboard does. */
export async function post(page: Page, path: string, body: object): Promise<void> {
  const headers = { 'X-Requested-With': 'gatehouse', 'Content-Type': 'application/json' };
  await page.evaluate(
    `fetch('/manage/v1/${path}', ${JSON.stringify({ method: 'POST', headers, body: JSON.stringify(body) })})`,
  );
}

export async function put(page: Page, path: string, body: object): Promise<void> {
  const headers = { 'X-Requested-With': 'gatehouse', 'Content-Type': 'application/json' };
  await page.evaluate(
    `fetch('/manage/v1/${path}', ${JSON.stringify({ method: 'PUT', headers, body: JSON.stringify(body) })})`,
  );
}

export async function fillNewKey(page: Page): Promise<void> {
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

export async function fillServiceKey(page: Page): Promise<void> {
  await openKeys(page);
  await page.getByRole('button', { name: 'Generate new key' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Partner portal');
  const scopes = ['contacts:read', 'bookings:read', 'bookings:write', 'vouchers:read', 'dispatch:assign'];
  for (const scope of scopes) await page.getByLabel(scope).check();
}
