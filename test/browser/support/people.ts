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
  /** Of those who come again, signed in as they are. */
  readonly #regulars = new Map<string, BrowserContext>();
  /** Their pages that are empty again: a new one takes three times as long to be there. */
  readonly #emptied = new Map<BrowserContext, Page>();
  readonly #sizes = new WeakMap<Page, NonNullable<ReturnType<Page['viewportSize']>>>();
  readonly #strangers: BrowserContext[] = [];

  async gather(): Promise<void> {
    this.#database = await createTestDatabase();
    this.installation = await Installation.on(this.#database.url);
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

  /** After each test: what it opened is closed, but for a page of each that comes again, which is as if new. */
  async goHome(): Promise<void> {
    for (const context of this.#strangers.splice(0)) await context.close();
    for (const context of this.#regulars.values()) {
      const [first, ...others] = context.pages();
      await Promise.all(others.map((page) => page.close()));
      if (first) await this.#empty(context, first);
    }
  }

  async #empty(context: BrowserContext, page: Page): Promise<void> {
    await page.unrouteAll();
    await page.goto('about:blank');
    await page.emulateMedia({ colorScheme: null });
    await page.setViewportSize(this.#sizes.get(page)!);
    this.#emptied.set(context, page);
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

  /** Somebody who sees the list of keys: by a link, and who comes again in the same browser by its address. */
  async arrive(orgId: string, { email, name, role, ...options }: Visit = {}): Promise<Page> {
    const visitor = JSON.stringify([orgId, email, role, options]);
    const known = this.#regulars.get(visitor);
    const context = known ?? (await this.#browser.newContext(options));
    this.#regulars.set(visitor, context);
    const page = await this.#pageOf(context);
    const person = { ...(email && { email }), ...(name && { name }), ...(role && { role }) };
    await page.goto(known ? `${this.url}/dashboard/` : await this.link(orgId, person));
    await page.getByRole('heading', { level: 1, name: 'API keys' }).waitFor();
    return page;
  }

  async #pageOf(context: BrowserContext): Promise<Page> {
    const emptied = this.#emptied.get(context);
    this.#emptied.delete(context);
    if (emptied) return emptied;
    const page = await context.newPage();
    this.#sizes.set(page, page.viewportSize()!);
    page.setDefaultTimeout(30_000);
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
