import { randomBytes } from 'node:crypto';
import type { PreparedReads } from '../../src/core/database/fast-lane/fast-lane.ts';
import { built } from '../dist.ts';
import { asServer } from '../scratch.ts';

const { createApp } = await built<typeof import('../../src/configure-app.ts')>('configure-app.js');
const { loadConfig } = await built<typeof import('../../src/core/config/config.ts')>('core/config/config.js');
const { Database } = await built<typeof import('../../src/core/database/database.ts')>('core/database/database.js');
const { Partners } = await built<typeof import('../../src/tenancy/partners/partners.service.ts')>(
  'tenancy/partners/partners.service.js',
);
const { ApiKeys } = await built<typeof import('../../src/tenancy/api-keys/api-keys.service.ts')>(
  'tenancy/api-keys/api-keys.service.js',
);
const { KeyActivityJob } = await built<typeof import('../../src/insight/health/key-activity.job.ts')>(
  'insight/health/key-activity.job.js',
);
const { OPERATOR } = await built<typeof import('../../src/kit/audit/actor.ts')>('kit/audit/actor.js');

/** The statement of a list. */
export interface Watched {
  readonly statement: {
    readonly text: string;
    readonly values: readonly (string | null)[];
    /** Whether it has a generic plan. */
    readonly isPrepared: boolean;
  };
  readonly table: string;
  /** The number of returned rows. */
  readonly shown: number;
}

interface Credentials {
  readonly key: string;
  readonly cookie: string;
  readonly partner: string;
  readonly operator: string;
}

interface WatchedApp {
  sumActivity(): Promise<void>;
  close(): Promise<void>;
}

/** A server in this process whose list statements are recorded. */
export class WatchedServer implements AsyncDisposable {
  #seen: Watched['statement'] | undefined;
  readonly orgId: string;
  readonly partnerId: string;
  readonly keyId: string;
  readonly #url: string;
  readonly #headers: Credentials;
  readonly #app: WatchedApp;

  private constructor(
    ids: { readonly orgId: string; readonly partnerId: string; readonly keyId: string },
    url: string,
    headers: Credentials,
    app: WatchedApp,
  ) {
    this.orgId = ids.orgId;
    this.partnerId = ids.partnerId;
    this.keyId = ids.keyId;
    this.#url = url;
    this.#headers = headers;
    this.#app = app;
  }

  static async start(databaseUrl: string): Promise<WatchedServer> {
    const encryptionKey = randomBytes(32).toString('base64');
    const app = await createApp(
      loadConfig({
        DATABASE_URL: asServer(databaseUrl),
        ENCRYPTION_KEY: encryptionKey,
        LOG_LEVEL: 'error',
        PORT: '0',
        REQUEST_LOG: 'off',
        // Far more requests a minute than a session makes.
        LIMIT_SESSION_PER_MINUTE: '100000',
        LIMIT_PARTNER_PER_MINUTE: '100000',
        LIMIT_ORG_KEY_PER_MINUTE: '100000',
      }),
    );
    await app.listen(0, '127.0.0.1');
    const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
    const { id } = await app.get(Partners).create(OPERATOR, { name: 'Bench' });
    const { token } = await app.get(ApiKeys).createForPartner(OPERATOR, id);
    const post = async (path: string, body: object): Promise<Record<string, string>> => {
      const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
      const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(`POST ${path}: ${await answer.text()}`);
      return (await answer.json()) as Record<string, string>;
    };
    const org = (await post('/partner/v1/orgs', { name: 'Acme' }))['id']!;
    const { api_key, api_key_id } = await post(`/partner/v1/orgs/${org}/api-keys`, {});
    const link = await post(`/partner/v1/orgs/${org}/login-links`, { email: 'owner@acme.example' });
    const token64 = new URL(link['url']!).searchParams.get('token');
    const visit = await fetch(`${url}/partner-login?token=${token64}`, { redirect: 'manual' });
    const cookie = visit.headers.getSetCookie()[0]!.split(';', 1)[0]!;
    const { token: operator } = await app.get(ApiKeys).createForOperator(OPERATOR);
    const credentials = { key: api_key!, cookie, partner: token, operator };
    const ids = { orgId: org, partnerId: id, keyId: api_key_id! };
    const server = new WatchedServer(ids, url, credentials, {
      sumActivity: () => app.get(KeyActivityJob).run(),
      close: () => app.close(),
    });
    const { reads, slowReads } = app.get(Database);
    server.#watch(reads, true);
    server.#watch(slowReads, false);
    return server;
  }

  /** @param cursor of the page */
  async ask(path: string, cursor?: string): Promise<Watched> {
    const target = path + (cursor === undefined ? '' : `?cursor=${cursor}`);
    const answer = await fetch(this.#url + target, { headers: this.#headersFor(path) });
    const body = await answer.text();
    const statement = this.#seen;
    if (statement === undefined || answer.status >= 500) throw new Error(`${path}: ${answer.status} ${body}`);
    this.#seen = undefined;
    const table = /(?<!EXISTS \(SELECT )FROM "(\w+)"\s+WHERE org_id/.exec(statement.text)![1]!;
    const shown = answer.ok ? (JSON.parse(body) as { items: unknown[] }).items.length : 0;
    return { statement, table, shown };
  }

  /** @throws Error for an error answer */
  async read(path: string): Promise<unknown> {
    const answer = await fetch(this.#url + path, { headers: this.#headersFor(path) });
    const body = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${body}`);
    return JSON.parse(body);
  }

  /** What an hourly job does: sums up the usage of each key. */
  sumActivity(): Promise<void> {
    return this.#app.sumActivity();
  }

  #headersFor(path: string): Record<string, string> {
    const { key, cookie, partner, operator } = this.#headers;
    if (path.startsWith('/manage/')) return { Cookie: cookie };
    const bearer = path.startsWith('/partner/') ? partner : path.startsWith('/operator/') ? operator : key;
    return { Authorization: `Bearer ${bearer}` };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#app.close();
  }

  #watch(reads: PreparedReads, isPrepared: boolean): void {
    const run = reads.run.bind(reads);
    reads.run = (statement, values) => {
      if (statement.text.includes('"items":[')) this.#seen = { text: statement.text, values, isPrepared };
      return run(statement, values);
    };
  }
}
