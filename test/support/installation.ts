import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { digestOf, mintOpaqueKey } from '../../src/access/credentials/credential-format.js';
import { ApiKeys } from '../../src/tenancy/api-keys/api-keys.service.js';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { AuditKeys } from '../../src/kit/audit/audit-keys.js';
import { brokenChains } from '../../src/kit/audit/chain-verification.js';
import { Database } from '../../src/core/database/database.js';
import { uuidV7 } from '../../src/core/database/uuid-v7.js';
import { Partners } from '../../src/tenancy/partners/partners.service.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { HttpClient } from './http-client.js';
import { openPool } from './open-pool.js';
import { openServices } from './open-services.js';
import { PATIENT } from './patience.js';
import { type Program, ServerProcess, type Settings } from './server-process.js';
import { WIDE_LIMITS } from './start-app.js';

export interface OrgKey {
  readonly id: string;
  readonly orgId: string;
  readonly key: string;
}

/** URLs of a migrated database, for the owner and for the role of servers. */
export interface MigratedDatabase {
  readonly url: string;
  readonly serverUrl: string;
}

/** A database with one partner, and the servers on it. */
export class Installation {
  /** The settings of every server. */
  readonly settings: Settings;
  readonly partner: HttpClient;
  /** Connects as the role of servers. */
  readonly databaseUrl: string;
  /** Connects as the owner, for data that no route returns or changes. */
  readonly database: pg.Pool;
  readonly #started: Promise<ServerProcess>[] = [];
  #ownDatabase: TestDatabase | undefined;

  private constructor(
    { url, serverUrl }: MigratedDatabase,
    private readonly encryptionKey: string,
    readonly partnerId: string,
    readonly partnerKey: string,
    more: Settings = {},
  ) {
    const own = { LOG_LEVEL: 'warn', DATABASE_URL: serverUrl, ENCRYPTION_KEY: encryptionKey };
    this.settings = { ...WIDE_LIMITS, ...more, ...own };
    this.databaseUrl = serverUrl;
    this.partner = new HttpClient(partnerKey);
    this.database = openPool(url, 4);
  }

  /** Also stops the servers that a failed test has left running. */
  async close(): Promise<void> {
    const started = await Promise.allSettled(this.#started);
    await Promise.all(started.map((server) => (server.status === 'fulfilled' ? server.value.kill() : undefined)));
    this.partner.close();
    await this.database.end();
    await this.#ownDatabase?.drop();
  }

  /** An installation on a test database of its own, which `close` drops. */
  static async create(): Promise<Installation> {
    const database = await createTestDatabase();
    const installation = await Installation.on(database, PATIENT);
    installation.#ownDatabase = database;
    return installation;
  }

  /** An installation on a database that the test may stop: servers wait for it only as long as they do by default. */
  static async on(database: MigratedDatabase, settings: Settings = {}): Promise<Installation> {
    const encryptionKey = randomBytes(32).toString('base64');
    const context = await openServices(database.serverUrl, encryptionKey);
    try {
      const { id } = await context.get(Partners).create(OPERATOR, { name: 'Demo Partner' });
      const { token } = await context.get(ApiKeys).createForPartner(OPERATOR, id);
      return new Installation(database, encryptionKey, id, token, settings);
    } finally {
      await context.close();
    }
  }

  /** One whose partner another build has made. */
  static of(database: MigratedDatabase, encryptionKey: string, partnerId: string, partnerKey: string): Installation {
    return new Installation(database, encryptionKey, partnerId, partnerKey);
  }

  startServer(settings: Settings = {}, program: Program = {}): Promise<ServerProcess> {
    const starting = ServerProcess.start({ ...this.settings, ...settings }, program);
    this.#started.push(starting);
    return starting;
  }

  startServers(count: number, settings: Settings = {}): Promise<ServerProcess[]> {
    return Promise.all(Array.from({ length: count }, () => this.startServer(settings)));
  }

  async newOrg({ url }: ServerProcess, name = 'Acme Tours'): Promise<string> {
    return (await this.create<{ id: string }>(url, '/partner/v1/orgs', { name })).id;
  }

  async newKey({ url }: ServerProcess, orgId: string, settings: object = {}): Promise<OrgKey> {
    const path = `/partner/v1/orgs/${orgId}/api-keys`;
    type Created = { readonly api_key_id: string; readonly api_key: string };
    const { api_key_id: id, api_key: key } = await this.create<Created>(url, path, settings);
    return { id, orgId, key };
  }

  private async create<Created>(url: string, path: string, body: object): Promise<Created> {
    const answer = await this.partner.ask(url, { method: 'POST', path, body });
    if (answer.status !== 201) throw new Error(`POST ${path} was answered ${answer.status}: ${answer.body}`);
    return JSON.parse(answer.body) as Created;
  }

  /** Inserts opaque keys of one org, because hundreds of calls would take too long. */
  async storeKeys(orgId: string, count: number): Promise<OrgKey[]> {
    const keys = Array.from({ length: count }, () => ({ id: uuidV7(), orgId, key: mintOpaqueKey('ocx', 'live') }));
    await this.database.query(
      `with key as (
         insert into api_keys (id, org_id, kind, name, masked_key, created_by_type, created_by_name)
         select id, $1, 'bearer', 'Stored by a test', '', 'operator', 'test' from unnest($2::uuid[]) id
       )
       insert into key_credentials (id, key_id, digest)
       select * from unnest($3::uuid[], $2::uuid[], $4::text[])`,
      [orgId, keys.map(({ id }) => id), keys.map(() => uuidV7()), keys.map(({ key }) => digestOf(key))],
    );
    return keys;
  }

  /** The result of `gatehouse audit verify`. */
  async brokenAuditChains(): Promise<Awaited<ReturnType<typeof brokenChains>>> {
    const context = await openServices(this.databaseUrl, this.encryptionKey);
    try {
      const { dataSource } = context.get(Database);
      return await brokenChains(dataSource, await context.get(AuditKeys).read(dataSource.manager));
    } finally {
      await context.close();
    }
  }
}
