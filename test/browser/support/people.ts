import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { freePort } from '../../support/free-port.js';
import { Installation } from '../../support/installation.js';
import type { ServerProcess } from '../../support/server-process.js';
import { launchChromium } from './chromium.js';

export type RoleName = 'Owner' | 'Admin' | 'Member';

/** How somebody comes, and by what browser. */
export interface Visit extends BrowserContextOptions {
  readonly email?: string;
  readonly name?: string;
  /** By default the org's first is Owner, later ones Member. */
  readonly role?: RoleName;
}

/**
 * A browser with a page, which people use one after the other: a new one loads the dashboard's files again, which takes
 * three times as long.
 */
interface Seat {
  /** How it was made. */
  readonly browser: string;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly viewport: { readonly width: number; readonly height: number };
  /** Who was the last to sign in. */
  visitor: string | undefined;
  isTaken: boolean;
}

/** People for the tests of one file; after each test, no page may have done what none may do. */
export function peopleOfThisFile(): People {
  const people = new People();
  beforeAll(() => people.gather());
  afterEach(async () => {
    await people.goHome();
    expect(people.complaints.splice(0)).toEqual([]);
  });
  afterAll(() => people.leave());
  return people;
}

/** A built server with the built dashboard, and people who open it in real browsers. */
export class People {
  /** What no page may do: load from elsewhere, break its policy, throw. */
  readonly complaints: string[] = [];
  /** An org that tests share. */
  orgId: string;
  installation: Installation;
  server: ServerProcess;
  #database: TestDatabase;
  #browser: Browser;
  readonly #seats: Seat[] = [];
  readonly #strangers: BrowserContext[] = [];

  async gather(): Promise<void> {
    this.#database = await createTestDatabase();
    this.installation = await Installation.on(this.#database);
    // Links lead to PUBLIC_URL, and only pages from there may change things.
    const port = String(await freePort());
    this.server = await this.installation.startServer({ PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}` });
    this.#browser = await launchChromium();
    this.orgId = await this.newOrg();
  }

  get url(): string {
    return this.server.url;
  }

  async leave(): Promise<void> {
    await this.#browser.close();
    await this.server.stop();
    await this.installation.close();
    await this.#database.drop();
  }

  /** After each test: pages that it opened are closed, or empty and as if new. */
  async goHome(): Promise<void> {
    for (const context of this.#strangers.splice(0)) await context.close();
    for (const seat of this.#seats.filter(({ isTaken }) => isTaken)) {
      const { context, page, viewport } = seat;
      await Promise.all(context.pages().map((each) => (each === page ? undefined : each.close())));
      await page.unrouteAll();
      await page.goto('about:blank');
      await page.emulateMedia({ colorScheme: null });
      await page.setViewportSize(viewport);
      seat.isTaken = false;
    }
  }

  newOrg(name = 'Acme Tours'): Promise<string> {
    return this.installation.newOrg(this.server, name);
  }

  /** A login link, as the partner's backend asks for it. */
  async link(
    orgId: string,
    { email = 'jane@acmetours.example', name = 'Jane Smith', role }: Visit = {},
  ): Promise<string> {
    const roles = role && (await this.#ask('GET', `/partner/v1/orgs/${orgId}/roles`)).data;
    const role_ids = roles?.filter((each: { name: string }) => each.name === role).map(({ id }: { id: string }) => id);
    const made = await this.#ask('POST', `/partner/v1/orgs/${orgId}/login-links`, { email, name, role_ids });
    return made.url as string;
  }

  /** A page of a browser that nobody has used. */
  async newPage(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.#browser.newContext(options);
    this.#strangers.push(context);
    return this.#pageOf(context);
  }

  /** Somebody who sees the list of keys: by a link, or by its address in the browser where they are signed in. */
  async arrive(orgId: string, { email, name, role, ...options }: Visit = {}): Promise<Page> {
    const visitor = JSON.stringify([orgId, email, role]);
    const seat = await this.#seatFor(visitor, options);
    const person = { ...(email && { email }), ...(name && { name }), ...(role && { role }) };
    const isSignedIn = seat.visitor === visitor;
    await seat.page.goto(isSignedIn ? `${this.url}/dashboard/` : await this.link(orgId, person));
    await seat.page.getByRole('heading', { level: 1, name: 'API keys' }).waitFor();
    seat.visitor = visitor;
    return seat.page;
  }

  /** If need be somebody else's, without their session. */
  async #seatFor(visitor: string, options: BrowserContextOptions): Promise<Seat> {
    const browser = JSON.stringify(options);
    const free = this.#seats.filter((seat) => !seat.isTaken && seat.browser === browser);
    const seat = free.find((each) => each.visitor === visitor) ?? free[0] ?? (await this.#newSeat(browser, options));
    seat.isTaken = true;
    if (seat.visitor !== visitor) await seat.context.clearCookies();
    return seat;
  }

  async #newSeat(browser: string, options: BrowserContextOptions): Promise<Seat> {
    const context = await this.#browser.newContext(options);
    const page = await this.#pageOf(context);
    const seat: Seat = { browser, context, page, viewport: page.viewportSize()!, visitor: undefined, isTaken: false };
    this.#seats.push(seat);
    return seat;
  }

  async #pageOf(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    this.#watch(page);
    return page;
  }

  #watch(page: Page): void {
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== new URL(this.url).origin) this.complaints.push(`asked ${request.url()}`);
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      // Refusals that a page shows are logged by the browser too.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        this.complaints.push(message.text());
      }
    });
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- of several shapes
  async #ask(method: string, path: string, body?: object): Promise<any> {
    const answer = await this.installation.partner.ask(this.url, { method, path, ...(body && { body }) });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body);
  }
}
