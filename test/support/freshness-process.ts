import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { CredentialCache, type Filled } from '../../src/access/freshness/credential-cache.js';
import { waitUntilInForce } from '../../src/access/freshness/in-force.js';
import { Lease } from '../../src/access/freshness/lease.js';
import { atVersion } from '../../src/access/freshness/version-sql.js';
import { createTestDatabase } from './database.js';
import { until } from './until.js';

export type Verdict = 'allowed' | 'refused';

export interface TestKey {
  readonly partnerId: string;
  readonly orgId: string;
  readonly keyId: string;
  readonly digest: string;
}

const FILL = atVersion(`
  select k.id as key_id, o.id as org_id, p.id as partner_id,
    k.revoked_at is null and o.archived_at is null and p.is_active as is_good
  from key_credentials c join api_keys k on k.id = c.key_id join orgs o on o.id = k.org_id
    join partners p on p.id = o.partner_id
  where c.digest = $1`);

/** A migrated database with the changes that an administrator makes. */
export class FreshnessDatabase {
  readonly pool: pg.Pool;

  private constructor(
    /** As the owner. */
    readonly url: string,
    /** As the role that servers run as. */
    readonly serverUrl: string,
    private readonly dropDatabase: () => Promise<void>,
  ) {
    this.pool = new pg.Pool({ connectionString: url });
    // A test may terminate an idle backend of this pool.
    this.pool.on('error', () => undefined);
  }

  static async create(): Promise<FreshnessDatabase> {
    const { url, serverUrl, drop } = await createTestDatabase();
    return new FreshnessDatabase(url, serverUrl, drop);
  }

  async drop(): Promise<void> {
    await this.pool.end();
    await this.dropDatabase();
  }

  async addKey(digest: string = randomUUID()): Promise<TestKey> {
    const key = { partnerId: randomUUID(), orgId: randomUUID(), keyId: randomUUID(), digest };
    await this.pool.query(
      `with partner as (insert into partners (id, name) values ($1, 'p') returning id),
       org as (insert into orgs (id, partner_id, name, widget_token) select $2, id, 'o', '' from partner returning id),
       key as (
         insert into api_keys (id, org_id, kind, name, masked_key, created_by_type, created_by_name)
         select $3, id, 'org', 'k', '', 'operator', 'test' from org returning id
       )
       insert into key_credentials (id, key_id, digest) select $3, id, $4 from key`,
      [key.partnerId, key.orgId, key.keyId, digest],
    );
    return key;
  }

  /** Runs only the statement; `revoke()` is the whole call. */
  async commitRevocation({ keyId }: TestKey): Promise<void> {
    await this.pool.query('update api_keys set revoked_at = now() where id = $1 and revoked_at is null', [keyId]);
  }

  waitUntilInForce(): Promise<void> {
    return waitUntilInForce((text, values) => this.pool.query(text, values));
  }

  async revoke(key: TestKey): Promise<void> {
    await this.commitRevocation(key);
    await this.waitUntilInForce();
  }

  async load(digest: string): Promise<Filled<Verdict>> {
    const { rows } = await this.pool.query(FILL, [digest]);
    const { version, key_id, org_id, partner_id, is_good } = rows[0];
    if (key_id === null) return { version, tags: [], value: 'refused' };
    const tags = [`key:${key_id}`, `org:${org_id}`, `partner:${partner_id}`];
    return { version, tags, value: is_good ? 'allowed' : 'refused' };
  }

  async head(): Promise<number> {
    return Number((await this.pool.query('select version from access_version')).rows[0].version);
  }

  async leases(): Promise<string[]> {
    return (await this.pool.query('select id from access_lease')).rows.map(({ id }) => id);
  }
}

export interface ProcessParts {
  /** The URL of a proxy in front of the database. */
  readonly url?: string;
  /** Tests that break a rule pass a subclass. */
  readonly LeaseClass?: typeof Lease;
  readonly CacheClass?: typeof CredentialCache<Verdict>;
}

/** The lease and the cache of a server, several of which run in this process. */
export class FreshnessProcess {
  readonly warnings: string[] = [];
  readonly lease: Lease;
  readonly cache: CredentialCache<Verdict>;

  private constructor(
    private readonly database: FreshnessDatabase,
    { url = database.serverUrl, LeaseClass = Lease, CacheClass = CredentialCache<Verdict> }: ProcessParts,
  ) {
    const warn = (details: object) => this.warnings.push(String((details as { err: unknown }).err));
    this.lease = new LeaseClass({ databaseUrl: url, instance: 'test' }, { info: () => undefined, warn });
    this.cache = new CacheClass(this.lease);
  }

  static async start(database: FreshnessDatabase, parts: ProcessParts = {}): Promise<FreshnessProcess> {
    const process = new FreshnessProcess(database, parts);
    await process.lease.start();
    return process;
  }

  /** The result of a request with the key. */
  async ask({ digest }: Pick<TestKey, 'digest'>): Promise<Verdict> {
    return this.cache.peek(digest) ?? (await this.cache.fill(digest, () => this.database.load(digest)));
  }

  async trustedAgain(): Promise<void> {
    await until('the lease is trusted', () => this.lease.trusted());
  }

  async deaf(): Promise<void> {
    await until('the lease has expired', () => !this.lease.trusted());
  }
}
