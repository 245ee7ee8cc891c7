import { Injectable } from '@nestjs/common';
import { waitUntilInForce } from '../../access/freshness/in-force.js';
import { ReadFence } from '../../access/freshness/read-fence.js';
import { atVersion } from '../../access/freshness/version-sql.js';
import { AwaitedEvents } from '../../access/ports/awaited-events.js';
import { type EnforcedRule, type FoundKey, KeyStore, type StoredKey } from '../../access/ports/key-store.js';
import { Database } from '../../core/database/database.js';
import type { PreparedRead } from '../../core/database/fast-lane/fast-lane.js';
import { endMsOf } from '../../core/validation/instant.js';
import { START_OVERLAP } from './replaced-credentials.js';
import { enforcedRulesSql } from '../key-policies/broken-rules-sql.js';

interface Row {
  readonly version: number;
  readonly id: string | null;
  readonly credential_id: string;
  readonly kind: string;
  readonly type: string;
  readonly name: string;
  readonly description: string | null;
  readonly org_id: string | null;
  readonly key_partner_id: string | null;
  readonly partner_id: string | null;
  readonly partner_name: string | null;
  readonly partner_active: boolean | null;
  readonly partner_allowed_ips: string[] | null;
  readonly org_external_id: string | null;
  readonly service_id: string | null;
  readonly is_operator: boolean;
  readonly covers_services: number;
  readonly agent_id: string | null;
  readonly scopes: string[] | null;
  readonly masked_key: string;
  readonly public_key: string | null;
  readonly allowed_ips: string[];
  readonly allowed_origins: string[];
  readonly rate_per_minute: number | null;
  readonly rate_per_hour: number | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
  readonly external_id: string | null;
  readonly acknowledged: boolean;
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly retires_at: string | null;
  readonly rotated_at: string | null;
  readonly awaits_first_use: boolean;
  readonly secret_hash: string | null;
  readonly ended_by: StoredKey['endedBy'];
  readonly suspended_by: StoredKey['suspendedBy'];
  readonly broken_rules: readonly { rule: string; set_by: EnforcedRule['set_by']; from: string }[] | null;
  readonly awaited_events: string[];
}

const findKey = (awaitedEvents: AwaitedEvents, condition: string) =>
  `SELECT row_to_json(found)::text FROM (${atVersion(`
  SELECT k.id, c.id AS credential_id, k.kind, k.type, k.name, k.description, k.org_id, k.partner_id AS key_partner_id,
         p.id AS partner_id, p.name AS partner_name, p.is_active AS partner_active,
         p.allowed_ips AS partner_allowed_ips, o.external_id AS org_external_id, k.service_id, k.is_operator, k.covers_services, k.agent_id, k.scopes, k.masked_key, k.public_key, k.allowed_ips,
         k.allowed_origins, k.rate_per_minute, k.rate_per_hour, k.metadata, k.tags, k.external_id, k.acknowledged_at IS NOT NULL AS acknowledged, k.created_at,
         k.expires_at, c.retires_at, c.rotated_at, c.secret_hash,
         c.overlap_seconds IS NOT NULL AND c.first_used_at IS NULL AS awaits_first_use,
         CASE WHEN k.revoked_at IS NOT NULL THEN 'key_revoked' WHEN o.archived_at IS NOT NULL THEN 'org_archived'
           WHEN c.ended_at IS NOT NULL THEN 'credential_replaced' END AS ended_by,
         CASE WHEN k.suspended_at IS NOT NULL THEN 'key_suspended' WHEN o.suspended_at IS NOT NULL THEN 'org_suspended'
           END AS suspended_by,
         ${enforcedRulesSql('k', 'o.partner_id')} AS broken_rules,
         ${awaitedEvents.sqlFor('k.org_id')} AS awaited_events
  FROM key_credentials c
  JOIN api_keys k ON k.id = c.key_id
  LEFT JOIN orgs o ON o.id = k.org_id
  LEFT JOIN partners p ON p.id = coalesce(k.partner_id, o.partner_id)
  WHERE ${condition}`)}) found`;

const BY_DIGEST = 'c.digest = $1';
/** Of two credentials made in one millisecond, the one that no other replaced. */
const BY_ID = `k.id = $1 AND c.id = coalesce($2, (
    SELECT newest.id FROM key_credentials newest WHERE newest.key_id = $1
    ORDER BY newest.rotated_at IS NOT NULL, newest.id DESC LIMIT 1))`;

/** Reads a key that isn't cached. A prepared read, so that a flood of unknown keys can't exhaust the pool. */
@Injectable()
export class PostgresKeyStore extends KeyStore {
  readonly #findByDigest: PreparedRead;
  readonly #findById: PreparedRead;

  constructor(
    private readonly database: Database,
    private readonly fence: ReadFence,
    awaitedEvents: AwaitedEvents,
  ) {
    super();
    this.#findByDigest = database.reads.prepare('key-by-digest', findKey(awaitedEvents, BY_DIGEST));
    this.#findById = database.reads.prepare('key-by-id', findKey(awaitedEvents, BY_ID));
  }

  override async findByDigest(digest: string): Promise<FoundKey> {
    this.fence.assertCanRead();
    const row = (await this.#findByDigest.row<Row>([digest]))!;
    if (row.id === null) return { key: undefined, version: row.version, tags: [] };
    return { key: toStoredKey(row, row.id), version: row.version, tags: tagsOf(row) };
  }

  override async startOverlap({ profile, credentialId }: StoredKey): Promise<void> {
    await this.database.query(START_OVERLAP, [profile.id, credentialId]);
    await waitUntilInForce(this.database.query);
  }

  override async findById(keyId: string, credentialId?: string): Promise<StoredKey | undefined> {
    const row = (await this.#findById.row<Row>([keyId, credentialId ?? null]))!;
    return row.id === null ? undefined : toStoredKey(row, row.id);
  }
}

/** The rows of the read, named as the triggers name them. */
function tagsOf({ id, org_id, partner_id, service_id }: Row): string[] {
  const tags = [`key:${id}`];
  if (org_id !== null) tags.push(`org:${org_id}`);
  if (partner_id !== null) tags.push(`partner:${partner_id}`);
  if (service_id !== null) tags.push(`service:${service_id}`);
  return tags;
}

function toStoredKey(row: Row, id: string): StoredKey {
  return {
    credentialId: row.credential_id,
    audience: audienceOf(row),
    profile: {
      id,
      org_id: row.org_id,
      name: row.name,
      description: row.description,
      kind: row.kind,
      type: row.type,
      access: row.scopes === null ? 'full' : 'scoped',
      scopes: row.scopes ?? [],
      agent_id: row.agent_id,
      masked_key: row.masked_key,
      ...(row.kind === 'key_secret' ? { api_key: row.public_key } : {}),
      allowed_ips: row.allowed_ips,
      allowed_origins: row.allowed_origins,
      metadata: row.metadata,
      tags: row.tags,
      external_id: row.external_id,
      acknowledged: row.acknowledged,
      created_at: new Date(row.created_at),
      expires_at: row.expires_at === null ? null : new Date(row.expires_at),
    },
    partnerId: row.partner_id,
    partnerName: row.partner_name,
    // An org without a partner counts as active.
    partnerActive: row.partner_active ?? true,
    orgExternalId: row.org_external_id,
    serviceId: row.service_id,
    coversServices: row.covers_services,
    // A partner's addresses apply to its own keys, not to those of its orgs.
    allowedIps: row.key_partner_id === null ? row.allowed_ips : row.partner_allowed_ips!,
    ratePerMinute: row.rate_per_minute,
    ratePerHour: row.rate_per_hour,
    secretHash: row.secret_hash,
    expiresAtMs: Math.min(endMsOf(row.expires_at), endMsOf(row.retires_at)),
    rotatedAtMs: row.rotated_at === null ? null : Date.parse(row.rotated_at),
    awaitsFirstUse: row.awaits_first_use,
    endedBy: row.ended_by,
    suspendedBy: row.suspended_by,
    brokenRules: (row.broken_rules ?? []).map(({ from, ...broken }) => ({ ...broken, fromMs: Date.parse(from) })),
    awaitedEvents: row.awaited_events,
  };
}

function audienceOf(row: Row): StoredKey['audience'] {
  if (row.is_operator) return 'operator';
  if (row.service_id !== null) return 'service';
  if (row.key_partner_id !== null) return 'partner';
  if (row.type !== 'standard') return 'event';
  return row.kind === 'key_secret' ? 'agent' : 'org';
}
