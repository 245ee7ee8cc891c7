import { execFileSync } from 'node:child_process';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { freePort } from '../../support/free-port.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { Installation } from '../../support/installation.js';
import type { ServerProcess, Settings } from '../../support/server-process.js';

export type RoleName = 'Owner' | 'Admin' | 'Member';

/** How somebody comes, and by what browser. */
export interface Visit extends BrowserContextOptions {
  readonly email?: string;
  readonly name?: string;
  /** By default the org's first is Owner, later ones Member. */
  readonly role?: RoleName;
}

/** A built server with the built dashboard, and people who open it in real browsers. */
export class People {
  /** What no page may do: load from elsewhere, break its policy, throw. */
  readonly complaints: string[] = [];
  readonly #contexts: BrowserContext[] = [];

  private constructor(
    private readonly database: TestDatabase,
    readonly installation: Installation,
    readonly server: ServerProcess,
    private readonly browser: Browser,
  ) {}

  static async gather(settings: Settings = {}): Promise<People> {
    const database = await createTestDatabase();
    const installation = await Installation.on(database.url);
    // Links lead to PUBLIC_URL, and only pages from there may change things.
    const port = String(await freePort());
    const PUBLIC_URL = `http://127.0.0.1:${port}`;
    const server = await installation.startServer({ ...settings, PORT: port, PUBLIC_URL });
    const executablePath = execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
    // As root there is no sandbox to be had.
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    return new People(database, installation, server, browser);
  }

  get url(): string {
    return this.server.url;
  }

  async leave(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    await this.installation.close();
    await this.database.drop();
  }

  /** After each test: browsers that it opened are closed. */
  async goHome(): Promise<void> {
    for (const context of this.#contexts.splice(0)) await context.close();
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

  /** A page of a browser of its own. */
  async newPage(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext(options);
    this.#contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    this.#watch(page);
    return page;
  }

  /** Somebody who has come by a link, and sees the list of keys. */
  async arrive(orgId: string, { email, name, role, ...options }: Visit = {}): Promise<Page> {
    const page = await this.newPage(options);
    await page.goto(await this.link(orgId, { ...(email && { email }), ...(name && { name }), ...(role && { role }) }));
    await page.getByRole('heading', { level: 1, name: 'API keys' }).waitFor();
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
