import { randomBytes } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type pg from 'pg';
import supertest from 'supertest';
import { afterAll, beforeAll } from 'vitest';
import { ApiKeys } from '../../src/tenancy/api-keys/api-keys.service.js';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { AuditKeys } from '../../src/kit/audit/audit-keys.js';
import { brokenChains } from '../../src/kit/audit/chain-verification.js';
import type { KeptHead } from '../../src/kit/audit/kept-heads.js';
import { loadConfig } from '../../src/core/config/config.js';
import type { Environment } from '../../src/core/config/setting-reader.js';
import { createApp } from '../../src/configure-app.js';
import { Database } from '../../src/core/database/database.js';
import { Partners, type PartnerSettings } from '../../src/tenancy/partners/partners.service.js';
import { openPool } from './open-pool.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { documented } from './documented-client.js';
import { FAST_LANE } from './fast-lane.js';
import { PATIENT } from './patience.js';

export const PUBLIC_URL = 'http://gatehouse.test';

/** Limits that no test reaches, however fast its machine is. */
export const WIDE_LIMITS = {
  LIMIT_PARTNER_PER_MINUTE: '1000000',
  LIMIT_LOGIN_LINKS_PER_MINUTE: '1000000',
  LIMIT_ORG_CREATE_PER_MINUTE: '1000000',
  LIMIT_ORG_KEY_PER_MINUTE: '1000000',
  LIMIT_ORG_KEY_PER_HOUR: '1000000',
  LIMIT_AGENT_KEY_PER_MINUTE: '1000000',
  LIMIT_AGENT_KEY_PER_HOUR: '1000000',
  LIMIT_SESSION_PER_MINUTE: '1000000',
  LIMIT_HELP_CENTER_PER_MINUTE: '1000000',
  LIMIT_REVOCATION_REQUESTS_PER_HOUR: '1000000',
  LIMIT_AUTH_FAILURES_PER_MINUTE: '1000000',
  LIMIT_ACTIVE_KEYS_PER_ORG: '1000000',
  LIMIT_ORGS_PER_PARTNER: '1000000',
};

export interface TestPartner {
  readonly id: string;
  readonly key: string;
}

export interface TestOrg {
  readonly id: string;
  readonly partner: TestPartner;
}

export type Client = ReturnType<TestServer['as']>;

/** Scheduled jobs would run at some minutes of the hour, in whichever test that is. Tests run the ones that they are about. */
const NEVER_DUE = `
  CREATE FUNCTION pgboss.leave_out() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
  CREATE TRIGGER never_due BEFORE INSERT ON pgboss.schedule FOR EACH ROW EXECUTE FUNCTION pgboss.leave_out()`;

/** A server on a real socket with its own database. Its clients assert that each response matches `/openapi.json`. */
export class TestServer {
  readonly app!: NestFastifyApplication;
  readonly url!: string;
  readonly database!: Database;
  /** Connects as the server's own role. */
  readonly databaseUrl!: string;
  /** Connects as the role that owns the tables, which may do more than the server's. */
  readonly owner!: pg.Pool;
  #testDatabase: TestDatabase | undefined;

  private constructor() {}

  /** @param settings environment variables that override the test defaults */
  static async start(settings: Environment = {}): Promise<TestServer> {
    const server = new TestServer();
    await server.open(settings);
    return server;
  }

  /**
   * A server for the tests of the suite that calls this: starts before the first test, closes after the last.
   * @param settings as for `start`; a function may read what earlier hooks have started
   */
  static forSuite(settings: Environment | (() => Environment) = {}): TestServer {
    const server = new TestServer();
    beforeAll(() => server.open(typeof settings === 'function' ? settings() : settings));
    afterAll(() => server.close());
    return server;
  }

  private async open(settings: Environment): Promise<void> {
    this.#testDatabase = await createTestDatabase();
    const { url: ownerUrl, serverUrl: databaseUrl } = this.#testDatabase;
    const owner = openPool(ownerUrl, 2);
    await owner.query(NEVER_DUE);
    const app = await createApp(
      loadConfig({
        PUBLIC_URL,
        LOG_LEVEL: 'silent',
        ENCRYPTION_KEY: randomBytes(32).toString('base64'),
        ...WIDE_LIMITS,
        ...FAST_LANE,
        ...PATIENT,
        ...settings,
        DATABASE_URL: databaseUrl,
      }),
    );
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as { port: number };
    const url = `http://127.0.0.1:${port}`;
    Object.assign(this, { app, url, databaseUrl, database: app.get(Database), owner });
  }

  /** @throws Error if the tests left an audit chain that doesn't verify */
  async close(): Promise<void> {
    const { broken } = await this.verifyAudit();
    await this.app.close();
    await this.owner.end();
    await this.#testDatabase!.drop();
    if (broken.length > 0) throw new Error(`broken audit chains: ${JSON.stringify(broken)}`);
  }

  /** The result of `gatehouse audit verify`. */
  async verifyAudit(kept: readonly KeptHead[] = []) {
    const { dataSource } = this.database;
    return brokenChains(dataSource, await this.app.get(AuditKeys).read(dataSource.manager), kept);
  }

  /** Requests without a credential. */
  get http() {
    return documented(supertest(this.url));
  }

  /** Requests with a bearer key: `server.as(key).get('/tags')`. */
  as(key: string) {
    return documented(supertest.agent(this.url).set('Authorization', `Bearer ${key}`));
  }

  /** Requests with a session's cookie, as the dashboard makes them. */
  signedIn(session: string) {
    return documented(
      supertest.agent(this.url).set('Cookie', `gatehouse_session=${session}`).set('X-Requested-With', 'gatehouse'),
    );
  }

  async newPartner(settings: Partial<PartnerSettings> = {}): Promise<TestPartner> {
    const { id } = await this.app.get(Partners).create(OPERATOR, { name: 'Demo Partner', ...settings });
    const { token } = await this.app.get(ApiKeys).createForPartner(OPERATOR, id);
    return { id, key: token };
  }

  async newOrg(partner?: TestPartner): Promise<TestOrg> {
    const owner = partner ?? (await this.newPartner());
    const { body } = await this.as(owner.key).post('/partner/v1/orgs').send({ name: 'Acme Tours' }).expect(201);
    return { id: (body as { id: string }).id, partner: owner };
  }

  /** A JWT org key; full access without `scopes`. */
  async newOrgKey(org: TestOrg, settings: object = {}): Promise<{ id: string; key: string }> {
    const path = `/partner/v1/orgs/${org.id}/api-keys`;
    const { body } = await this.as(org.partner.key).post(path).send(settings).expect(201);
    const { api_key_id: id, api_key: key } = body as { api_key_id: string; api_key: string };
    return { id, key };
  }

  /** A client with a new JWT key of the org, which has full access unless `settings` name scopes. */
  async newClient(org?: TestOrg, settings: object = {}): Promise<Client> {
    return this.as((await this.newOrgKey(org ?? (await this.newOrg()), settings)).key);
  }

  /** Signs a user in through a login link. Returns the value of the session cookie. */
  async newSession(org: TestOrg, email = 'owner@acmetours.example', role?: string): Promise<string> {
    const { body } = await this.as(org.partner.key)
      .post(`/partner/v1/orgs/${org.id}/login-links`)
      .send({ email, role_ids: role ? [role] : undefined })
      .expect(201);
    const token = new URL((body as { url: string }).url).searchParams.get('token');
    const visit = await this.http.get('/partner-login').query({ token }).redirects(0).expect(303);
    return /gatehouse_session=([0-9a-f]{64})/.exec(String(visit.headers['set-cookie']))![1]!;
  }
}
