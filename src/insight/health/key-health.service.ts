import { Inject, Injectable } from '@nestjs/common';
import { ownWindows } from '../../access/credentials/resolve-principal.js';
import { RateLimitStorage } from '../../access/rate-limit/rate-limit-storage.js';
import { CONFIG, type Config, type Limits } from '../../core/config/config.js';
import { Database } from '../../core/database/database.js';
import type { PreparedRead } from '../../core/database/fast-lane/fast-lane.js';
import { instantAsText } from '../../core/database/row-as-json.js';
import { notFound } from '../../core/errors/core-errors.js';
import { Usage } from '../../kit/usage/usage.service.js';
import { IS_NOT_OVER } from '../../tenancy/api-keys/key-sql.js';
import { describedFindings } from './described-findings.js';
import { keyFactsSql } from './key-facts-sql.js';
import { deniedFor, type KeyFacts } from './key-facts.js';
import type { KeyHealth, LimitWindow } from './key-health.dto.js';
import { verdictOf } from './key-verdict.js';

const DAYS = 7;

/** Tells how one key does, and what it calls for. */
@Injectable()
export class KeyHealths {
  readonly #read: PreparedRead;

  constructor(
    database: Database,
    private readonly usages: Usage,
    private readonly rateLimits: RateLimitStorage,
    @Inject(CONFIG) { limits }: Config,
  ) {
    this.#read = database.slowReads.prepare('key-health', factsSql(limits));
  }

  /** Counts this process's unsaved requests too. @throws AppError not_found (404) */
  async read(orgId: string, keyId: string): Promise<KeyHealth> {
    await this.usages.flush();
    const facts = await this.#read.row<KeyFacts>([orgId, keyId]);
    if (facts === undefined) throw notFound('API key');
    const { requests, denied, denied_by } = facts;
    return {
      verdict: verdictOf(facts),
      days: DAYS,
      requests,
      denied,
      allowed_share: requests === 0 ? null : (requests - denied) / requests,
      denied_by: [...denied_by],
      limit: { windows: await this.#windows(orgId, keyId, facts), denied_7_days: deniedFor('rate_limited', facts) },
      findings: describedFindings(facts),
    };
  }

  async #windows(orgId: string, keyId: string, facts: KeyFacts): Promise<LimitWindow[]> {
    const tag = facts.partner_id ?? orgId;
    const windows = ownWindows(keyId, tag, facts.limit_per_minute, facts.limit_per_hour);
    const { standings } = await this.rateLimits.look(windows);
    return windows.map(({ name, limit, windowSeconds }, index) => ({
      name,
      limit,
      remaining: Math.max(0, standings[index]!.remaining),
      peak_share: windowSeconds === 3_600 ? facts.busiest_hour / limit : null,
    }));
  }
}

/** The `KeyFacts` of the key $2 of the org $1, as JSON text. */
function factsSql(limits: Limits): string {
  const key = '(SELECT * FROM api_keys WHERE org_id = $1 AND id = $2) api_keys';
  const instants = ['created_at', 'expires_at', 'suspended_at', 'revoked_at', 'last_used_at'];
  return `
    SELECT (SELECT row_to_json(wire) FROM (SELECT state, findings, suspension_reason,
      ${instants.map((column) => `${instantAsText(column)} AS ${column}`).join(', ')},
      requests_7_days AS requests, denied_7_days AS denied, limit_per_minute, limit_per_hour, busiest_hour,
      coalesce(cardinality(scopes), 0) AS scopes_count,
      (SELECT count(*) FROM unnest(scopes) scope WHERE scope <> ALL (used_scopes)) AS unused_scopes,
      coalesce((SELECT json_agg(json_build_object('reason', reason, 'requests', requests) ORDER BY requests DESC, reason)
        FROM (
          SELECT reason, sum(requests) AS requests FROM key_refusals
          WHERE key_id = facts.id AND hour > date_trunc('hour', now(), 'UTC') - interval '${DAYS * 24} hours'
          GROUP BY reason
        ) reasons), '[]') AS denied_by,
      (SELECT json_build_object('rotated_at', ${instantAsText('rotated_at')}, 'retires_at', ${instantAsText('retires_at')},
          'last_used_at', ${instantAsText('at')})
        FROM key_credentials JOIN credential_uses ON credential_id = key_credentials.id
        WHERE key_credentials.key_id = facts.id AND at > rotated_at AND ${IS_NOT_OVER}
        ORDER BY at DESC LIMIT 1) AS old_credential,
      (SELECT ${instantAsText('created_at')} FROM key_exposures WHERE key_id = facts.id
        ORDER BY key_exposures.id DESC LIMIT 1) AS exposed_at,
      (SELECT partner_id FROM orgs WHERE id = $1) AS partner_id
    ) wire)::text FROM ${keyFactsSql(limits, key, 'all')} facts`;
}
