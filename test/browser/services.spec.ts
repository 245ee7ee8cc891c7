import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeService } from '../support/stored-service.js';
import { sticksOut, violationsOf } from './support/accessibility.js';
import { generate, openNewKey, store } from './support/new-key.js';
import { peopleOfThisFile } from './support/people.js';

const people = peopleOfThisFile();
const PHONE = { width: 390, height: 844 };
const MANY = 10_000;

/** The requests that the service got, past any proxy. */
const asked: { readonly url: string; readonly headers: IncomingHttpHeaders }[] = [];
let upstream: Server;
let page: Page;

beforeAll(async () => {
  upstream = createServer(({ url, headers }, answer) => {
    asked.push({ url: url!, headers });
    answer.end('{}');
  });
  await new Promise<void>((listening) => upstream.listen(0, '127.0.0.1', listening));
});
afterAll(() => upstream.close());

async function go(place: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: place, exact: true }).click();
  await page.getByRole('heading', { level: 1, name: place }).waitFor();
}

async function openService(label: string): Promise<void> {
  await go('Services');
  await page.getByRole('link', { name: label }).click();
  await page.getByRole('heading', { level: 1, name: label }).waitFor();
}

const places = () => page.getByRole('navigation').getByRole('link').allTextContents();

it('without services an Owner is told how to declare one, and others have no such page', async () => {
  page = await people.arrive(people.orgId);
  await go('Services');
  await page.getByText('No services yet').waitFor();
  await page.getByText('gatehouse service apply').waitFor();
  expect({ found: await violationsOf(page) }).toEqual({ found: [] });
  page = await people.arrive(people.orgId, { email: 'ada@acmetours.example', name: 'Ada', role: 'Admin' });
  await expect.poll(places).not.toContain('Services');
});

describe('with services', () => {
  beforeAll(async () => {
    const { port } = upstream.address() as AddressInfo;
    await storeService(people.installation.database, {
      service: 'billing',
      label: 'Billing',
      description: 'Invoices and payments.',
      url: `http://127.0.0.1:${port}`,
      resources: [
        { name: 'invoices', label: 'Invoices', description: 'Invoices and their lines.', actions: ['read', 'write'] },
        { name: 'refunds', label: 'Refunds', description: 'Money that goes back.', actions: ['read'] },
      ],
      routes: [
        { methods: ['GET'], path: '/invoices/{id}', needs: 'invoices:read' },
        { methods: ['GET'], path: '/invoices', needs: 'invoices:read' },
        { methods: ['POST', 'PATCH'], path: '/invoices/**', needs: 'invoices:write' },
        { methods: ['GET'], path: '/me', needs: 'any-key' },
        { methods: ['GET'], path: '/status', needs: 'public', reason: 'Health page' },
      ],
    });
    await storeService(people.installation.database, {
      service: 'catalogue',
      label: 'Catalogue',
      resources: [
        { name: 'trips', label: 'Trips', description: '', actions: ['read', 'write', 'publish', 'archive', 'reprice'] },
      ],
      routes: Array.from({ length: MANY }, (_, number) => ({
        methods: ['GET'],
        path: `/trips/${number}/{id}`,
        needs: 'trips:read',
      })),
    });
  });

  it('a Member sees what each offers, and what its routes need', async () => {
    page = await people.arrive(people.orgId, { email: 'max@acmetours.example', name: 'Max', role: 'Member' });
    await go('Services');
    const row = page.getByRole('row', { name: /^Billing/ });
    await row.waitFor();
    await expect
      .poll(() => row.getByRole('cell').allTextContents())
      .toEqual(['Billing billingInvoices and payments.', '3 scopes', '5 routes', '0 keys']);
    await openService('Billing');
    const routes = page.getByRole('table', { name: 'Routes' }).getByRole('row');
    await expect
      .poll(async () => (await routes.allTextContents()).slice(3))
      .toEqual(['POST PATCH /invoices/**invoices:write', 'GET /meAny key', 'GET /statusPublicHealth page']);
    await page.getByText('refunds:read').waitFor();
    await page.getByText('No active key has its scopes.').waitFor();
  });

  it('10,000 routes can be searched, and are shown in parts', async () => {
    page = await people.arrive(people.orgId);
    await openService('Catalogue');
    const rows = page.getByRole('table', { name: 'Routes' }).getByRole('row');
    await page.getByText('10,000 routes').waitFor();
    await expect.poll(() => rows.count()).toBe(51);
    await page.getByRole('button', { name: 'Show more' }).click();
    await expect.poll(() => rows.count()).toBe(101);
    await page.getByLabel('Search routes').fill('get /trips/9999/');
    await page.getByText('1 of 10,000').waitFor();
    await expect.poll(async () => (await rows.allTextContents()).slice(1)).toEqual(['GET /trips/9999/{id}trips:read']);
  });

  it('a key gets scopes of a service, and its first call goes there', async () => {
    page = await people.arrive(people.orgId);
    await openNewKey(page, 'Invoicing');
    await page.getByLabel('Search resources').fill('billing');
    await page.getByRole('table', { name: 'Built-in resources' }).waitFor({ state: 'hidden' });
    await page.getByLabel('All read of Billing').check();
    await expect.poll(() => page.getByLabel('refunds:read').isChecked()).toBe(true);
    await page.getByLabel('refunds:read').uncheck();
    await expect
      .poll(() => page.getByTestId('sentence').textContent())
      .toContain('This key may read invoices in Billing, until');
    const { key, curl } = await generate(page);
    await page.getByText('Make your first request to Billing').waitFor();
    await promisify(execFile)('sh', ['-c', curl.replace('curl ', 'curl -s ')]);
    expect(asked.at(-1)).toMatchObject({ url: '/invoices', headers: { authorization: `Bearer ${key}` } });
    await store(page);
    await openService('Billing');
    await page.getByRole('link', { name: 'Invoicing' }).click();
    await page.getByRole('heading', { level: 1, name: 'Invoicing' }).waitFor();
  });

  it('a key with a secret may have scopes of a service too', async () => {
    page = await people.arrive(people.orgId);
    await openNewKey(page, 'Pair');
    await page.getByRole('radio', { name: /Key \+ secret/ }).click();
    await page.getByLabel('trips:reprice').check();
    await expect
      .poll(() => page.getByTestId('sentence').textContent())
      .toContain('This key may reprice trips in Catalogue, until');
  });

  it('full access is marked', async () => {
    page = await people.arrive(people.orgId);
    await openNewKey(page, 'Everything');
    await page.getByLabel('Full access').check();
    await generate(page);
    await store(page);
    await openService('Billing');
    const entry = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: 'Everything' }) });
    await entry.getByText('Full access').waitFor();
  });

  it('the arrow keys move between the scopes of a service, and between actions side by side', async () => {
    page = await people.arrive(people.orgId);
    await openNewKey(page, 'By hand');
    await page.getByLabel('trips:read').focus();
    const focused = () => page.locator(':focus').getAttribute('aria-label');
    const seen: (string | null)[] = [];
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft', 'ArrowUp', 'ArrowDown']) {
      await page.keyboard.press(key);
      seen.push(await focused());
    }
    expect(seen).toEqual(['trips:write', 'trips:publish', 'trips:write', 'All actions of Catalogue', 'trips:read']);
  });

  it('a service that does not exist is not found', async () => {
    page = await people.arrive(people.orgId);
    await page.goto(`${people.url}/dashboard/services/nothing`);
    await page.getByText('Page not found').waitFor();
  });

  const SCREENS: Readonly<Record<string, () => Promise<void>>> = {
    'the services': () => go('Services'),
    'a service': () => openService('Billing'),
    'a service with many routes': () => openService('Catalogue'),
    'the form of a new key': () => openNewKey(page, 'Looked at'),
    'the dialog of a new key': async () => {
      await openNewKey(page, 'Copied');
      await page.getByLabel('trips:read').check();
      await page.getByRole('button', { name: 'Generate key' }).click();
      await page.getByText('with the address of Catalogue').waitFor();
    },
  };

  it.each(Object.keys(SCREENS))(
    'axe finds no problem, in light and dark mode, on desktop and phone, with %s',
    async (name) => {
      page = await people.arrive(people.orgId);
      await SCREENS[name]!();
      const atDesk = await violationsOf(page);
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.locator('html[data-mantine-color-scheme="dark"]').waitFor();
      await page.setViewportSize(PHONE);
      const onPhone = await violationsOf(page);
      expect({ atDesk, onPhone, sticksOut: await sticksOut(page) }).toEqual({ atDesk: [], onPhone: [], sticksOut: 0 });
    },
  );
});
