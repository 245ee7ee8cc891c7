import type { Page } from 'playwright-core';

/** The credentials that the dialog shows once. */
export interface Copied {
  readonly key: string;
  readonly secret?: string;
  readonly curl: string;
}

/** Opens the form of a new key. */
export async function openNewKey(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Generate new key' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'Generate new key' }).waitFor();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
}

/** Submits the form, and reads the credentials in the dialog. */
export async function generate(page: Page): Promise<Copied> {
  await page.getByRole('button', { name: 'Generate key' }).click();
  return readDialog(page);
}

export async function readDialog(page: Page): Promise<Copied> {
  const dialog = page.getByRole('dialog', { name: /^Copy / });
  await dialog.waitFor();
  const text = async (label: string) =>
    (await dialog.getByRole('figure', { name: label, exact: true }).locator('pre').textContent())!;
  const isPair = (await dialog.getByRole('figure', { name: 'Secret' }).count()) > 0;
  return {
    key: await text(isPair ? 'Key' : 'API key'),
    ...(isPair && { secret: await text('Secret') }),
    curl: await text('curl'),
  };
}

/** Confirms that the key is stored, and waits for the page of the key. */
export async function store(page: Page): Promise<void> {
  await page.getByLabel('I have stored this key').check();
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
}

/** Creates a bearer key with contacts:read. */
export async function newKey(page: Page, name = 'Production'): Promise<Copied> {
  await openNewKey(page, name);
  await page.getByLabel('contacts:read').check();
  const copied = await generate(page);
  await store(page);
  await page.getByRole('heading', { level: 1, name }).waitFor();
  return copied;
}

export async function statusOf(url: string, path: string, key: string): Promise<number> {
  return (await fetch(url + path, { headers: { Authorization: `Bearer ${key}` } })).status;
}
