import { randomUUID } from 'node:crypto';
import { describe, expect } from 'vitest';
import { CredentialCache, type Filled } from '../../src/access/freshness/credential-cache.js';
import { waitUntilInForce } from '../../src/access/freshness/in-force.js';
import { LeaseConnection } from '../../src/access/freshness/lease-connection.js';
import type { FreshnessProcess, Verdict } from '../support/freshness-process.js';
import { freshnessTest as test, type FreshnessWorld } from '../support/freshness-world.js';
import { until } from '../support/until.js';

type CacheClass = typeof CredentialCache<Verdict>;

/** Caches with one rule removed each, to prove that the tests detect it. */
class WithoutFence extends CredentialCache<Verdict> {
  protected override mayKeep(): boolean {
    return true;
  }
}
class WithFenceByVersionOnly extends CredentialCache<Verdict> {
  protected override mayKeep(filled: Filled<Verdict>): boolean {
    return filled.version >= (this.lease.applied ?? 0);
  }
}
class WithOldFills extends CredentialCache<Verdict> {
  protected override forgetOpenFills(): void {}
}

/** A fill that has read the database and is held before it completes, as by argon2 or a blocked event loop. */
async function heldFill({ database }: FreshnessWorld, { cache }: FreshnessProcess, digest: string) {
  const held = Promise.withResolvers<void>();
  const read = Promise.withResolvers<void>();
  const verdict = cache.fill(digest, async () => {
    const filled = await database.load(digest);
    read.resolve();
    await held.promise;
    return filled;
  });
  await read.promise;
  return { verdict, letGo: held.resolve };
}

describe.concurrent('a cache fill that is open during a change', () => {
  async function peekAfterwards(world: FreshnessWorld, CacheClass: CacheClass): Promise<Verdict | undefined> {
    const process = await world.startTrusted({ CacheClass });
    const key = await world.database.addKey();
    const fill = await heldFill(world, process, key.digest);
    await world.database.revoke(key);
    fill.letGo();
    await fill.verdict;
    await process.trustedAgain();
    return process.cache.peek(key.digest);
  }

  test('answers the request, but is not cached', async ({ world }) => {
    expect(await peekAfterwards(world, CredentialCache)).toBe(undefined);
  });

  test('broken: without the fence the revoked key stays accepted', async ({ world }) => {
    expect(await peekAfterwards(world, WithoutFence)).toBe('allowed');
  });

  async function peekAfterAFailover(world: FreshnessWorld, CacheClass: CacheClass): Promise<Verdict | undefined> {
    const process = await world.startTrusted({ CacheClass });
    const key = await world.database.addKey();
    await world.database.waitUntilInForce();
    const { leaseId } = process.lease;
    const fill = await heldFill(world, process, key.digest);
    await world.database.commitRevocation(key);
    // Fail over to a standby without the last commit: its version number is used again for another change.
    await world.database.pool.query('update access_version set version = version - 1; delete from access_lease');
    await until('another lease', () => process.lease.leaseId !== leaseId && process.lease.trusted());
    fill.letGo();
    await fill.verdict;
    await process.trustedAgain();
    return process.cache.peek(key.digest);
  }

  test('is not cached under the next lease', async ({ world }) => {
    expect(await peekAfterAFailover(world, CredentialCache)).toBe(undefined);
  });

  test('broken: a fence that only compares versions caches it', async ({ world }) => {
    expect(await peekAfterAFailover(world, WithFenceByVersionOnly)).toBe('allowed');
  });

  test('is cached if the change came before its read', async ({ world }) => {
    const process = await world.startTrusted();
    const key = await world.database.addKey();
    const fill = await heldFill(world, process, key.digest);
    await world.database.waitUntilInForce();
    fill.letGo();
    await fill.verdict;
    await process.trustedAgain();
    expect(process.cache.peek(key.digest)).toBe('allowed');
  });
});

describe.concurrent('a shared cache fill', () => {
  async function askedAfterwards(world: FreshnessWorld, CacheClass: CacheClass): Promise<Verdict> {
    const process = await world.startTrusted({ CacheClass });
    const key = await world.database.addKey();
    await world.database.waitUntilInForce();
    await process.trustedAgain();
    const fill = await heldFill(world, process, key.digest);
    await world.database.revoke(key);
    await process.trustedAgain();
    const later = process.ask(key);
    fill.letGo();
    return later;
  }

  test('is not shared with a request that starts after the revoke call returned', async ({ world }) => {
    expect(await askedAfterwards(world, CredentialCache)).toBe('refused');
  });

  test('broken: if open fills were not dropped, that request would be accepted', async ({ world }) => {
    expect(await askedAfterwards(world, WithOldFills)).toBe('allowed');
  });

  async function readsForTwo(world: FreshnessWorld, { cache }: FreshnessProcess): Promise<number> {
    let reads = 0;
    const load = async () => {
      reads += 1;
      return world.database.load('unknown');
    };
    await Promise.all([cache.fill('unknown', load), cache.fill('unknown', load)]);
    return reads;
  }

  test('is one read for all requests under a trusted lease, and one read each otherwise', async ({ world }) => {
    const process = await world.startTrusted();
    const whenTrusted = await readsForTwo(world, process);
    await process.lease.stop();
    expect([whenTrusted, await readsForTwo(world, process)]).toEqual([1, 2]);
  });

  test('fails for all requests, and the next one reads again', async ({ world }) => {
    const process = await world.startTrusted();
    const key = await world.database.addKey();
    await world.database.waitUntilInForce();
    const fail = () => Promise.reject(new Error('away'));
    const both = [process.cache.fill(key.digest, fail), process.cache.fill(key.digest, fail)];
    expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await process.ask(key)).toBe('allowed');
  });
});

describe.concurrent('a second revocation of the same key', () => {
  async function peekWhenAnswered(world: FreshnessWorld, secondCall: 'waits' | 'answers at once') {
    const { proxy, process } = await world.startBehindProxy();
    const key = await world.warmKey(process);
    proxy.freeze();
    const first = world.database.revoke(key);
    await until('the key is revoked', async () => (await world.database.load(key.digest)).value === 'refused');
    await world.database.commitRevocation(key);
    if (secondCall === 'waits') await world.database.waitUntilInForce();
    const peeked = process.cache.peek(key.digest);
    await first;
    return peeked;
  }

  test('waits for the same processes as the first', async ({ world }) => {
    expect(await peekWhenAnswered(world, 'waits')).toBe(undefined);
  });

  test('broken: if it returned at once, the key would still be accepted', async ({ world }) => {
    expect(await peekWhenAnswered(world, 'answers at once')).toBe('allowed');
  });
});

describe.concurrent('a process that registers during a change', () => {
  async function newcomer({ database }: FreshnessWorld): Promise<LeaseConnection> {
    const connection = new LeaseConnection(database.url, () => undefined);
    await connection.open();
    return connection;
  }

  test('before the scan is waited for until it has acknowledged the change', async ({ world }) => {
    const { database } = world;
    const key = await database.addKey();
    const [connection, id] = [await newcomer(world), randomUUID()];
    await database.commitRevocation(key);
    await connection.register(id, 'newcomer', []);
    let [statements, isAnswered] = [0, false];
    const answered = waitUntilInForce((text, values) => {
      statements += 1;
      return database.pool.query(text, values);
    }).then(() => (isAnswered = true));
    const { head, changes } = await connection.sync(id, -1);
    expect([head, changes]).toEqual([await database.head(), []]);
    await until('several polls have run', () => statements > 4);
    expect(isAnswered).toBe(false);
    await connection.sync(id, head);
    await answered;
    expect(await database.leases()).toEqual([id]);
    connection.destroy();
  });

  test('after the scan reads the change first', async ({ world }) => {
    const key = await world.database.addKey();
    const [connection, id] = [await newcomer(world), randomUUID()];
    await world.database.revoke(key);
    await connection.register(id, 'newcomer', []);
    expect((await connection.sync(id, -1)).head).toBe(await world.database.head());
    connection.destroy();
  });

  test('broken: with its row and first head in one transaction, the change does not wait and the process trusts the old state', async ({
    world,
  }) => {
    const key = await world.database.addKey();
    const client = await world.database.pool.connect();
    await client.query('begin');
    await client.query(`insert into access_lease (id, instance) values (gen_random_uuid(), 'newcomer')`);
    const firstHead = (await client.query('select version from access_version')).rows[0].version;
    await world.database.revoke(key);
    await client.query('commit');
    client.release();
    expect(Number(firstHead)).toBe((await world.database.head()) - 1);
  });
});

describe.concurrent('two transactions that commit in reverse order', () => {
  async function peekWhenBothAreAnswered(world: FreshnessWorld): Promise<Verdict | undefined> {
    const process = await world.startTrusted();
    const [first, second] = [await world.database.addKey(), await world.database.addKey()];
    await world.database.waitUntilInForce();
    const client = await world.database.pool.connect();
    await client.query('begin');
    await client.query('update api_keys set revoked_at = now() where id = $1', [first.keyId]);
    await world.database.revoke(second);
    await process.trustedAgain();
    await process.ask(first);
    expect(process.cache.peek(first.digest)).toBe('allowed');
    await client.query('commit');
    client.release();
    await world.database.waitUntilInForce();
    await process.trustedAgain();
    return process.cache.peek(first.digest);
  }

  test('are both in effect once both calls return', async ({ world }) => {
    expect(await peekWhenBothAreAnswered(world)).toBe(undefined);
  });

  test('broken: with versions from a sequence the later commit would be missed', async ({ world }) => {
    await world.database.pool.query(`
      drop trigger access_stamp on access_change;
      drop table access_version;
      create sequence twin_version;
      alter table access_change alter version set default nextval('twin_version');
      create view access_version as select coalesce(max(version), 0) as version from access_change;
      create function twin_bell() returns trigger language plpgsql as
        $$ begin perform pg_notify('access', new.version::text); return null; end $$;
      create trigger access_stamp after insert on access_change for each row execute function twin_bell();
      alter table access_change enable always trigger access_stamp;
      grant select on access_version to public;
      grant usage on sequence twin_version to public`);
    expect(await peekWhenBothAreAnswered(world)).toBe('allowed');
  });
});

describe.concurrent('a cached refusal of an unknown key', () => {
  async function askedBeforeAndAfterItWasMade(world: FreshnessWorld): Promise<(Verdict | undefined)[]> {
    const process = await world.startTrusted();
    const digest = randomUUID();
    await process.ask({ digest });
    const cached = process.cache.peek(digest);
    await world.database.addKey(digest);
    await world.database.waitUntilInForce();
    return [cached, await process.ask({ digest })];
  }

  test('is used until the key is created', async ({ world }) => {
    expect(await askedBeforeAndAfterItWasMade(world)).toEqual(['refused', 'allowed']);
  });

  test('broken: if an INSERT did not notify, the new key would be refused', async ({ world }) => {
    for (const table of ['partners', 'orgs', 'api_keys', 'key_credentials']) {
      // Disable the triggers instead of dropping them, because the lease refuses to trust a schema without them.
      await world.database.pool.query(
        `create or replace trigger access_ring_insert after insert on ${table} for each statement when (false)
         execute function access_ring(); alter table ${table} enable always trigger access_ring_insert`,
      );
    }
    expect(await askedBeforeAndAfterItWasMade(world)).toEqual(['refused', 'refused']);
  });

  test('expires after its short lifetime', async ({ world }) => {
    const { lease } = await world.startTrusted();
    const cache = new CredentialCache<Verdict>(lease, { entriesMax: 10, unknownMax: 10, unknownLifeMs: 300 });
    await cache.fill('unknown', () => world.database.load('unknown'));
    expect(cache.peek('unknown')).toBe('refused');
    await until('it is evicted', () => cache.peek('unknown') === undefined && lease.trusted());
  });
});

describe.concurrent('the bounds of the cache', () => {
  test('a flood of unknown keys evicts no known key', async ({ world }) => {
    const { lease } = await world.startTrusted();
    const cache = new CredentialCache<Verdict>(lease, { entriesMax: 2, unknownMax: 5, unknownLifeMs: 60_000 });
    const key = await world.database.addKey();
    await world.database.waitUntilInForce();
    await cache.fill(key.digest, () => world.database.load(key.digest));
    const version = lease.applied!;
    const unknown = Array.from({ length: 100 }, (_, index) => `unknown ${index}`);
    for (const digest of unknown) await cache.fill(digest, async () => ({ version, tags: [], value: 'refused' }));
    expect(cache.peek(key.digest)).toBe('allowed');
    expect(unknown.filter((digest) => cache.peek(digest) !== undefined)).toEqual(unknown.slice(-5));
  });

  test('the number of known keys is limited', async ({ world }) => {
    const { lease } = await world.startTrusted();
    const cache = new CredentialCache<Verdict>(lease, { entriesMax: 3, unknownMax: 5, unknownLifeMs: 60_000 });
    const version = lease.applied!;
    for (const id of ['a', 'b', 'c', 'd', 'e']) {
      await cache.fill(id, async () => ({ version, tags: [`key:${id}`], value: 'allowed' }));
    }
    expect(cache.size).toBe(3);
  });

  test('a value may be null: refusals are cached too', async ({ world }) => {
    const { lease } = await world.startTrusted();
    const cache = new CredentialCache<null>(lease);
    const version = lease.applied!;
    await cache.fill('known', async () => ({ version, tags: ['key:1'], value: null }));
    await cache.fill('unknown', async () => ({ version, tags: [], value: null }));
    expect([cache.peek('known'), cache.peek('unknown')]).toEqual([null, null]);
  });
});
