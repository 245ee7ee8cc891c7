import { Inject, Injectable } from '@nestjs/common';
import { IsIn } from 'class-validator';
import { CONFIG, type Config, type Limits } from '../../core/config/config.js';
import { Database } from '../../core/database/database.js';
import { instantAsText } from '../../core/database/row-as-json.js';
import { notFound } from '../../core/errors/core-errors.js';
import { equals, type Filters, isAnyOf } from '../../kit/lists/filters.js';
import type { PageRequest } from '../../kit/lists/list-queries.js';
import { PreparedPages } from '../../kit/lists/prepared-pages.js';
import { lastUsedSql, lastUseSql, usageByDaySql, usageTotalsSql } from '../../kit/usage/usage-sql.js';
import { Usage } from '../../kit/usage/usage.service.js';
import { Text } from '../../core/validation/decorators.js';
import { LABEL_FILTERS } from './key-labels.js';
import { IS_NOT_OVER, isInStateSql, KEY_STATE, KEY_STATE_FILTERS, keyFactsSql } from './key-sql.js';
import type { ManagedKey } from './key-view.dto.js';
import { type ApiKey, KEY_KINDS, KEY_TYPES } from './api-key.entity.js';
import { type Page, type Wire, WireJson } from '../../core/wire/wire-json.js';
import type { KeysUsageByDay, KeyUsageReport } from '../../kit/usage/usage.dto.js';

/** Event keys have no access. */
const ACTIVE = `
  SELECT id, name, scopes, covers_services FROM api_keys
  WHERE org_id = $1 AND type = 'standard' AND ${KEY_STATE} = 'active' ORDER BY id DESC`;

const USAGE_BY_DAY = `
  SELECT json_build_object('items',
    coalesce(json_agg(json_build_object('id', id, 'days', ${usageByDaySql('api_keys.id')})), '[]'))::text
  FROM api_keys WHERE org_id = $1 AND id = ANY ($2::uuid[])`;

export const KEY_FILTERS: Filters = {
  // Keys that don't work have a list of their own (S2).
  state: { rules: [IsIn(KEY_STATE_FILTERS)], condition: isInStateSql },
  kind: equals('kind', IsIn(KEY_KINDS)),
  type: isAnyOf('type', KEY_TYPES),
  search: {
    rules: [Text(1, 100)],
    condition: (parameter) =>
      `strpos(lower(concat_ws(E'\\n', name, description, masked_key)), lower(${parameter})) > 0`,
  },
  ...LABEL_FILTERS,
};

/** What decides whether a key reaches a service. */
export type ActiveKey = Pick<ApiKey, 'id' | 'name' | 'scopes' | 'covers_services'>;

/** Reads the keys of an org for its managers: all keys, with those of the partner and inactive ones. */
@Injectable()
export class KeyDirectory {
  readonly #pages: PreparedPages<ManagedKey>;
  readonly #read: string;

  constructor(
    private readonly database: Database,
    private readonly usages: Usage,
    @Inject(CONFIG) { limits }: Config,
  ) {
    const item = viewSql(limits);
    // It sums thirty days of hours for each key.
    this.#pages = new PreparedPages(database, { table: 'api_keys', item, filters: KEY_FILTERS, isSlow: true });
    this.#read = `SELECT ${item}::json AS key FROM api_keys WHERE org_id = $1 AND id = $2`;
  }

  /** Counts this process's unsaved requests too. */
  async list(orgId: string, page: PageRequest): Promise<WireJson<Page<Wire<ManagedKey>>>> {
    await this.usages.flush();
    return this.#pages.read(orgId, page);
  }

  /** @throws AppError not_found (404) */
  async read(orgId: string, id: string): Promise<Wire<ManagedKey>> {
    await this.usages.flush();
    const { rows } = await this.database.query(this.#read, [orgId, id]);
    if (rows[0] === undefined) throw notFound('API key');
    return rows[0]['key'] as Wire<ManagedKey>;
  }

  /** The active keys with scopes or full access, newest first. */
  async active(orgId: string): Promise<ActiveKey[]> {
    return (await this.database.query(ACTIVE, [orgId])).rows as ActiveKey[];
  }

  /** @throws AppError not_found (404) */
  async usage(orgId: string, id: string): Promise<WireJson<KeyUsageReport>> {
    await this.read(orgId, id);
    return this.usages.report(id);
  }

  /** Leaves out ids of other orgs. */
  async usageByDay(orgId: string, ids: readonly string[]): Promise<WireJson<KeysUsageByDay>> {
    await this.usages.flush();
    const values = [orgId, `{${ids.join(',')}}`];
    return new WireJson((await this.database.slowReads.run({ name: '', text: USAGE_BY_DAY }, values))!);
  }
}

/** SQL of the newest `ReplacedCredential` of a key that works. */
const REPLACED = `(
  SELECT json_build_object('id', id, 'rotated_at', ${instantAsText('rotated_at')},
    'retires_at', ${instantAsText('retires_at')}, 'last_used', ${lastUseSql('key_credentials.id')})
  FROM key_credentials
  WHERE key_id = api_keys.id AND rotated_at IS NOT NULL AND ${IS_NOT_OVER}
  ORDER BY rotated_at DESC, id DESC LIMIT 1)`;

/** SQL of a `ManagedKey`. */
function viewSql(limits: Limits): string {
  return `(
    SELECT CASE api_keys.kind WHEN 'key_secret' THEN row_to_json(pair) ELSE row_to_json(wire) END::text
    FROM (
      ${keyFactsSql(limits)}, ${REPLACED} AS replaced_credential,
        ${instantAsText(lastUsedSql('api_keys.id'))} AS last_used_at, ${usageTotalsSql('api_keys.id')} AS usage
    ) wire, LATERAL (SELECT wire.*, public_key AS api_key) pair
  )`;
}
