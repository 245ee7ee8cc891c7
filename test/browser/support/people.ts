import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Environment } from '../../../src/core/config/setting-reader.js';
import { freePort } from '../../support/free-port.js';
import { STEP_HANG_MS } from '../../support/hang.js';
import { Installation } from '../../support/installation.js';
import type { ServerProcess } from '../../support/server-process.js';
import { launchChromium } from './chromium.js';

export type RoleName = 'Owner' | 'Admin' | 'Member';

/** A user's sign-in, and the options of the browser. */
export interface Visit extends BrowserContextOptions {
  readonly email?: string;
  readonly name?: string;
  /** By default, the first user of an org is Owner and later ones are Member. */
  readonly role?: RoleName;
}

/**
 * A browser context that users share one after the other, because a new one loads the files of the dashboard again,
 * which takes three times as long.
 */
interface Seat {
  /** The options it was created with, as JSON. */
  readonly browser: string;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly viewport: { readonly width: number; readonly height: number };
  /** The last user who signed in. */
  visitor: string | undefined;
  isTaken: boolean;
}

/** Users for the tests of one file. Asserts after each test that no page has complained. */
export function peopleOfThisFile(settings: Environment = {}): People {
  const people = new People(settings);
  beforeAll(() => people.gather());
  afterEach(async () => {
    await people.goHome();
    expect(people.complaints.splice(0)).toEqual([]);
  });
  afterAll(() => people.leave());
  return people;
}

/** A built server with the built dashboard, and users in real browsers. */
export class People {
  /** Requests to other hosts, violations of the security policy, and exceptions of pages. */
  readonly complaints: string[] = [];
  /** The org that tests share. */
  orgId: string;
  installation: Installation;
  server: ServerProcess;
  #browser: Browser;
  readonly #seats: Seat[] = [];
  readonly #strangers: BrowserContext[] = [];

  /** @param settings of the server */
  constructor(private readonly settings: Environment) {}

  async gather(): Promise<void> {
    this.installation = await Installation.create();
    // Login links point to PUBLIC_URL, which is also the only origin that may change data.
    const port = String(await freePort());
    this.server = await this.installation.startServer({
      PORT: port,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      ...this.settings,
    });
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
  }

  /** Closes or resets the pages that a test has opened. */
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

  /** Creates a login link with the partner's key. */
  async link(
    orgId: string,
    { email = 'jane@acmetours.example', name = 'Jane Smith', role }: Visit = {},
  ): Promise<string> {
    const roles = role && (await this.#ask('GET', `/partner/v1/orgs/${orgId}/roles`)).data;
    const role_ids = roles?.filter((each: { name: string }) => each.name === role).map(({ id }: { id: string }) => id);
    const made = await this.#ask('POST', `/partner/v1/orgs/${orgId}/login-links`, { email, name, role_ids });
    return made.url as string;
  }

  /** Opens a page in a new browser context. */
  async newPage(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.#browser.newContext(options);
    this.#strangers.push(context);
    return this.#pageOf(context);
  }

  /** Opens the list of keys: by its address if the user is still signed in, else by a login link. */
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

  /** Prefers the context of this user. Clears the session of another user. */
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
    page.setDefaultTimeout(STEP_HANG_MS);
    this.#watch(page);
    return page;
  }

  #watch(page: Page): void {
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== new URL(this.url).origin) this.complaints.push(`asked ${request.url()}`);
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      // The browser also logs the error responses that a page handles.
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
