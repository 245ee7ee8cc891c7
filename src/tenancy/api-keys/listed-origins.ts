import { Injectable } from '@nestjs/common';
import { entriesThatAllow } from '../../access/network/allowed-origins.js';
import { AuthFailures } from '../../access/credentials/auth-failures.js';
import { type CacheBounds, CredentialCache, type Filled } from '../../access/freshness/credential-cache.js';
import { Lease } from '../../access/freshness/lease.js';
import { atVersion } from '../../access/freshness/version-sql.js';
import { Database } from '../../core/database/database.js';
import type { PreparedRead } from '../../core/database/fast-lane/fast-lane.js';
import { toArrayLiteral } from '../../core/database/wire-value.js';
import { endMsOf, hasEnded } from '../../core/validation/instant.js';

/** A live key that lists the origin; null: none does. */
type Witness = { readonly expiresAtMs: number } | null;

interface Row {
  readonly version: number;
  readonly id: string | null;
  readonly org_id: string;
  readonly partner_id: string | null;
  readonly expires_at: string | null;
}

const BOUNDS: CacheBounds = { entriesMax: 10_000, unknownMax: 10_000, unknownLifeMs: 10_000 };

const FIND_WITNESS = `SELECT row_to_json(found)::text FROM (${atVersion(`
  SELECT k.id, k.org_id, o.partner_id, k.expires_at
  FROM api_keys k
  JOIN orgs o ON o.id = k.org_id
  LEFT JOIN partners p ON p.id = o.partner_id
  WHERE k.allowed_origins && $1::text[] AND k.allowed_origins <> '{}' AND k.revoked_at IS NULL
    AND (k.expires_at IS NULL OR k.expires_at > now()) AND o.archived_at IS NULL AND p.is_active IS NOT FALSE
  LIMIT 1`)}) found`;

/** Knows which origins are listed by a live key. Cached like credentials: bounded, and never stale. */
@Injectable()
export class ListedOrigins {
  readonly #witnesses: CredentialCache<Witness>;
  readonly #find: PreparedRead;

  constructor(
    database: Database,
    lease: Lease,
    private readonly failures: AuthFailures,
  ) {
    this.#witnesses = new CredentialCache(lease, BOUNDS);
    this.#find = database.slowReads.prepare('listed-origin', FIND_WITNESS);
  }

  /**
   * @param network the client's network: an unknown origin costs a query and counts as failed authentication
   * @throws AppError rate_limited (429), database_unavailable (503)
   */
  async has(origin: string, network: string): Promise<boolean> {
    const entries = entriesThatAllow(origin);
    const [host] = entries;
    if (host === undefined) return false;
    const known = this.#witnesses.peek(host);
    if (known !== undefined && (known === null || !hasEnded(known.expiresAtMs))) return known !== null;
    this.failures.throwIfTooMany(network);
    const find = () =>
      this.failures.attempt(
        network,
        () => this.#fill(entries),
        ({ value }) => value === null,
      );
    return (await this.#witnesses.fill(host, find)) !== null;
  }

  async #fill(entries: readonly string[]): Promise<Filled<Witness>> {
    const row = await this.#find.row<Row>([toArrayLiteral(entries)]);
    const { version, id, org_id, partner_id, expires_at } = row!;
    if (id === null) return { version, tags: [], value: null };
    const tags = [`key:${id}`, `org:${org_id}`, ...(partner_id === null ? [] : [`partner:${partner_id}`])];
    return { version, tags, value: { expiresAtMs: endMsOf(expires_at) } };
  }
}
