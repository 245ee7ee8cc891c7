import { Injectable } from '@nestjs/common';
import type { ServiceReach } from '../../access/decision/needs.js';
import { CredentialCache, type Filled } from '../../access/freshness/credential-cache.js';
import { Lease } from '../../access/freshness/lease.js';
import { atVersion } from '../../access/freshness/version-sql.js';
import { BoundedMap } from '../../core/cache/bounded-map.js';
import { Database } from '../../core/database/database.js';
import type { PreparedRead } from '../../core/database/fast-lane/fast-lane.js';
import type { ServiceRoute } from '../declaration/service-declaration.js';
import { RouteTable } from '../routes/route-table.js';

/** A service as its doors need it. */
export interface GuardedService extends ServiceReach {
  readonly id: string;
  readonly slug: string;
  /** All, in the order of the declaration. */
  readonly scopes: readonly string[];
  readonly hasScope: ReadonlySet<string>;
  readonly routes: RouteTable;
  /** Its doors refuse every request. */
  readonly isSuspended: boolean;
}

interface Row {
  readonly version: number;
  readonly id: string | null;
  readonly number: number;
  readonly slug: string;
  readonly full_access: 'existing' | 'all';
  readonly is_suspended: boolean;
  readonly stamp: string;
  /** Null: as they were at the stamp that the caller knows. */
  readonly routes: ServiceRoute[] | null;
  readonly scopes: string[];
}

interface CompiledRoutes {
  readonly stamp: string;
  readonly table: RouteTable;
}

const BOUNDS = { entriesMax: 1_000, unknownMax: 1_000, unknownLifeMs: 10_000 };
/** A slug, or the id of a service. */
const NAME = /^[a-z0-9][a-z0-9-]{0,35}$/;

/** xmin changes with each update of the row, by whatever program. */
const BY_NAME = `SELECT row_to_json(found)::text FROM (${atVersion(`
  SELECT s.id, s.number, s.slug, s.full_access, s.suspended_at IS NOT NULL AS is_suspended, s.xmin::text AS stamp,
         CASE WHEN s.xmin::text = $2 THEN NULL ELSE s.routes END AS routes,
         (SELECT coalesce(json_agg(r.name || ':' || action ORDER BY r.position, at), '[]')
          FROM service_resources r, unnest(r.actions) WITH ORDINALITY AS actions (action, at)
          WHERE r.service_id = s.id) AS scopes
  FROM services s WHERE s.slug = $1 OR s.id::text = $1`)}) found`;

/** Finds services in memory, as fresh as credentials are. */
@Injectable()
export class ServiceDirectory {
  readonly #cache: CredentialCache<GuardedService | null>;
  readonly #read: PreparedRead;
  /** While the lease isn't trusted, every request reads the row; a large route table isn't built each time. */
  readonly #compiled = new BoundedMap<string, CompiledRoutes>(BOUNDS.entriesMax);

  constructor(database: Database, lease: Lease) {
    this.#cache = new CredentialCache(lease, BOUNDS);
    this.#read = database.reads.prepare('service-by-name', BY_NAME);
  }

  /**
   * Synchronous for a known service.
   * @param name its slug or its id
   */
  find(name: string): GuardedService | undefined | Promise<GuardedService | undefined> {
    if (!NAME.test(name)) return undefined;
    const known = this.#cache.peek(name);
    if (known !== undefined) return known ?? undefined;
    return this.#cache.fill(name, () => this.#load(name)).then((found) => found ?? undefined);
  }

  async #load(name: string): Promise<Filled<GuardedService | null>> {
    const compiled = this.#compiled.get(name);
    const row = (await this.#read.row<Row>([name, compiled?.stamp ?? null]))!;
    if (row.id === null) return { version: row.version, tags: [], value: null };
    const { id, number, slug, full_access, stamp, scopes } = row;
    const routes = row.routes === null ? compiled!.table : new RouteTable(row.routes);
    this.#compiled.set(name, { stamp, table: routes });
    const value = {
      ...{ id, slug, number, fullAccess: full_access, scopes, hasScope: new Set(scopes), routes },
      isSuspended: row.is_suspended,
    };
    return { version: row.version, tags: [`service:${id}`], value };
  }
}
