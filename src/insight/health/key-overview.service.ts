import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config, type Limits } from '../../core/config/config.js';
import { Database } from '../../core/database/database.js';
import type { PreparedRead } from '../../core/database/fast-lane/fast-lane.js';
import { instantAsText } from '../../core/database/row-as-json.js';
import type { WireJson } from '../../core/wire/wire-json.js';
import { Usage } from '../../kit/usage/usage.service.js';
import { isInStateSql } from '../../tenancy/api-keys/key-sql.js';
import { keyFactsSql } from './key-facts-sql.js';
import { KEY_FINDINGS } from './key-findings.js';
import type { KeyOverview, KeyOverviewQuery } from './key-overview.dto.js';

/** More would be of no use on one screen. */
const KEYS_MAX = 10_000;

/** Reads all keys of an org at once, with their usage and findings. */
@Injectable()
export class KeyOverviews {
  readonly #read: PreparedRead;

  constructor(
    database: Database,
    private readonly usages: Usage,
    @Inject(CONFIG) { limits }: Config,
  ) {
    this.#read = database.slowReads.prepare('key-overview', overviewSql(limits));
  }

  /** Counts this process's unsaved requests too. */
  async read(orgId: string, { state }: KeyOverviewQuery): Promise<WireJson<KeyOverview>> {
    await this.usages.flush();
    return (await this.#read.json<KeyOverview>([orgId, state]))!;
  }
}

/** One row more than the limit shows that there are more. */
function overviewSql(limits: Limits): string {
  const newest = `(
    SELECT * FROM api_keys WHERE org_id = $1 AND ${isInStateSql('$2')}
    ORDER BY id DESC LIMIT ${KEYS_MAX + 1}
  ) api_keys`;
  const counts = KEY_FINDINGS.map((code) => `'${code}', count(*) FILTER (WHERE '${code}' = ANY (findings))`);
  return `
    WITH shown AS MATERIALIZED (SELECT * FROM ${keyFactsSql(limits, newest, 'new')} found ORDER BY id DESC LIMIT ${KEYS_MAX})
    SELECT json_build_object(
      'items', coalesce(json_agg((
        SELECT wire FROM (SELECT id, name, description, kind, type, masked_key, tags, external_id,
          CASE WHEN scopes IS NULL THEN 'full' ELSE 'scoped' END AS access,
          coalesce(cardinality(scopes), 0) AS scopes_count, state, acknowledged_at IS NOT NULL AS acknowledged,
          json_build_object('type', created_by_type, 'id', created_by_id, 'name', created_by_name) AS created_by,
          ${['created_at', 'expires_at', 'last_used_at'].map((column) => `${instantAsText(column)} AS ${column}`).join(', ')},
          requests_30_days, denied_30_days, findings
        ) wire
      ) ORDER BY id DESC), '[]'),
      'counts', json_build_object(${counts.join(', ')}),
      'totals', json_build_object('keys', count(*),
        'requests_30_days', coalesce(sum(requests_30_days), 0), 'denied_30_days', coalesce(sum(denied_30_days), 0)),
      'is_complete', (SELECT count(*) FROM ${newest}) <= ${KEYS_MAX}
    )::text FROM shown`;
}
