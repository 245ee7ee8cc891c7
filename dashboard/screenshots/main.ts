import { mkdir, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../test/browser/support/chromium.ts';
import { Demo } from './demo.ts';
import { SCREENS } from './screens/index.ts';
import type { Viewer } from './screens/screen.ts';

// npm run screenshots [-- NAME…]: takes screenshots of every screen of the demo, or of the named ones.

const FOLDER = resolve(import.meta.dirname, '..', '..', 'docs', 'screenshots');
const DESK = { width: 1280, height: 800 };
/** Longer screens are cut. */
const HEIGHT_MAX = 1_400;
const LOOKS = [
  { name: 'light', colorScheme: 'light', size: DESK },
  { name: 'dark', colorScheme: 'dark', size: DESK },
  { name: 'phone', colorScheme: 'light', size: { width: 390, height: 844 } },
] as const;

const SERVICES = ['bookings.yaml', 'fleet.yaml'].map((name) => join(import.meta.dirname, name));

const { positionals: wanted } = parseArgs({ allowPositionals: true });
const demo = await Demo.start();
const browser = await launchChromium();
try {
  await mkdir(FOLDER, { recursive: true });
  if (wanted.length === 0) await clear();
  for (const service of SERVICES) await demo.gatehouse('service', 'apply', '--file', service);
  const pages = await arrive(browser);
  for (const screen of SCREENS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    await picture(pages[screen.viewer], screen);
  }
} finally {
  await browser.close();
  await demo.stop();
}

async function clear(): Promise<void> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.png'));
  await Promise.all(names.map((name) => rm(join(FOLDER, name))));
}

/** Opens the first page of every viewer. */
async function arrive(browser: Browser): Promise<Record<Viewer, Page>> {
  const owner = await pageOf(browser, demo.ownerLink);
  const orgId = await owner.evaluate<string>(`fetch('/session').then((it) => it.json()).then(({ org }) => org.id)`);
  const { id: newOrgId } = await demo.gatehouse('org', 'create', '--name', 'Blue Whale Boats');
  const signIn = async (id: string, email: string) => pageOf(browser, await link(id, email));
  const invited = await signIn(orgId, 'max@acmetours.example');
  await invited.goto(await link(newOrgId!, 'noor@bluewhale.example'));
  const moved = await signIn(orgId, 'max@acmetours.example');
  await moveTo(moved, await link(newOrgId!, 'noor@bluewhale.example'));
  return {
    owner,
    member: await signIn(orgId, 'max@acmetours.example'),
    newcomer: await signIn(newOrgId!, 'noor@bluewhale.example'),
    invited,
    moved,
    anonymous: await pageOf(browser, `${demo.url}/dashboard/`),
  };
}

/** Signs the browser in to another org, in another tab. */
async function moveTo(page: Page, url: string): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  const tab = await page.context().newPage();
  await tab.goto(url);
  await tab.getByRole('button', { name: 'Sign in' }).click();
  await tab.getByRole('heading', { level: 1, name: 'API keys' }).waitFor();
  await tab.close();
}

async function link(orgId: string, email: string): Promise<string> {
  return (await demo.gatehouse('login-link', 'create', '--org', orgId, '--email', email))['url']!;
}

async function pageOf(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: DESK, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** Opens a screen once, and takes each of its screenshots. */
async function picture(page: Page, { name, open, isTall }: (typeof SCREENS)[number]): Promise<void> {
  await page.setViewportSize(DESK);
  await page.emulateMedia({ colorScheme: 'light' });
  await open(page);
  await page.waitForLoadState('networkidle');
  for (const { name: look, colorScheme, size } of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(size);
    await settled(page);
    if (isTall) await unroll(page, size);
    await page.screenshot({ path: join(FOLDER, `${name}-${look}.png`), animations: 'disabled' });
  }
  console.log(name);
}

async function unroll(page: Page, { width, height }: (typeof LOOKS)[number]['size']): Promise<void> {
  const whole = await page.evaluate<number>('document.documentElement.scrollHeight');
  await page.setViewportSize({ width, height: Math.min(Math.max(height, whole), HEIGHT_MAX) });
  await settled(page);
}

/** Waits for the frame after a resize, in which the chart measures itself, with the mouse over nothing. */
async function settled(page: Page): Promise<void> {
  await page.mouse.move(0, 0);
  await page.evaluate(
    'scrollTo(0, 0); new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))',
  );
}
