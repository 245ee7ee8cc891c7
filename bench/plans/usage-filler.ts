import pg from 'pg';
import { type Asked, DAYS } from './request-log-filler.ts';

export const KEYS = 10_000;
export const AUDIT_ENTRIES = 1_000_000;
const MONTHS_KEPT = 14;
/** An action that few entries have. */
export const RARE_ACTION = 'org.archived';

const keyIdSql = (n: string) => `('00000000-0000-7000-8004-' || lpad(to_hex(${n}), 12, '0'))::uuid`;

/** An id of the made keys, by its number. */
export function madeKeyId(number: number): string {
  return `00000000-0000-7000-8004-${number.toString(16).padStart(12, '0')}`;
}

/** The partitions of an installation that has run for longer than rows are kept. */
const MONTHS = `
  DO $$ BEGIN
    FOR month IN 0..${MONTHS_KEPT + 10} LOOP
      PERFORM drop_oldest_month(parent, '9999-01-01') FROM unnest(ARRAY['key_usage', 'key_refusals', 'events']) parent;
    END LOOP;
    PERFORM add_month((now() + month * interval '1 month')::date) FROM generate_series(-${MONTHS_KEPT}, 3) month;
  END $$`;

/** Copies of the asked key. */
const keysSql = ({ keyId }: Asked, keys: number) => `
  INSERT INTO api_keys SELECT (jsonb_populate_record(api_keys, jsonb_build_object('id', ${keyIdSql('n')}, 'name', 'Key ' || n))).*
  FROM api_keys, generate_series(1, ${keys - 1}) n WHERE api_keys.id = '${keyId}';
  INSERT INTO key_credentials
  SELECT (jsonb_populate_record(key_credentials, jsonb_build_object(
    'id', gen_random_uuid(), 'key_id', ${keyIdSql('n')}, 'digest', encode(sha256(n::text::bytea), 'hex')))).*
  FROM key_credentials, generate_series(1, ${keys - 1}) n WHERE key_id = '${keyId}'`;

/** Every key in every hour of the days from the first to before the last. */
const usageSql = ({ orgId }: Asked, firstDay: number, lastDay: number) => `
  INSERT INTO key_usage (key_id, hour, org_id, requests, refused, last_used_at)
  SELECT id, hour, '${orgId}', 10 + hash % 90, hash % 10, hour + interval '59 minutes'
  FROM generate_series(${firstDay * 24}, ${lastDay * 24 - 1}) age,
    LATERAL (SELECT date_trunc('hour', now(), 'UTC') - age * interval '1 hour' AS hour) time,
    api_keys, LATERAL (SELECT abs(hashint8(age::bigint * 1000003) # hashtext(id::text)) AS hash) random
  WHERE org_id = '${orgId}'
  ON CONFLICT DO NOTHING`;

const othersSql = ({ orgId }: Asked) => `
  INSERT INTO key_refusals (key_id, hour, reason, org_id, requests)
  SELECT key_id, hour, (ARRAY['scope_missing', 'rate_limited'])[1 + requests % 2], org_id, refused FROM key_usage
  WHERE org_id = '${orgId}' AND refused > 0 AND requests % 6 = 0
  ON CONFLICT DO NOTHING;
  INSERT INTO key_scope_uses (key_id, day, scope, org_id, uses, last_used_at)
  SELECT id, current_date - age, scope, org_id, 100, now() - age * interval '1 day'
  FROM api_keys, generate_series(0, ${DAYS - 1}) age, unnest(ARRAY['contacts:read', 'contacts:write']) scope
  WHERE org_id = '${orgId}'
  ON CONFLICT DO NOTHING`;

const auditSql = ({ orgId }: Asked) => `
  INSERT INTO audit_entries (id, org_id, chain, sequence, action, actor_type, actor_id, actor_name, target_type, target_id,
    target_name, changes, version, hash, created_at)
  SELECT (lpad(to_hex(ms), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0') || '8' || lpad(to_hex(n), 15, '0'))::uuid,
    '${orgId}', 'bench', n, CASE WHEN n % 100000 = 7 THEN '${RARE_ACTION}' ELSE (ARRAY['api_key.created', 'api_key.updated', 'api_key.revoked'])[1 + n % 3] END,
    'user', ('00000000-0000-7000-8005-' || lpad(to_hex(n % 50), 12, '0'))::uuid, 'Member ' || n % 50,
    'api_key', ${keyIdSql(`1 + n % ${KEYS - 1}`)}, 'Key', '{"name": {"before": "a", "after": "b"}}', 1, md5(n::text), to_timestamp(ms / 1000.0)
  FROM generate_series(1, ${AUDIT_ENTRIES}) n,
    LATERAL (SELECT (extract(epoch FROM now()) * 1000)::bigint - (${AUDIT_ENTRIES} - n) * 30000::bigint AS ms) time`;

/** Fills the keys of the asked org, what they did in each hour, and the audit. */
export async function fillUsage(
  url: string,
  asked: Asked,
  log: (line: string) => void,
  { keys = KEYS, hasAudit = true }: { readonly keys?: number; readonly hasAudit?: boolean } = {},
): Promise<void> {
  const run = async (...statements: string[]) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      // Skips foreign keys and triggers for speed: the rows are consistent.
      await client.query(`SET session_replication_role = replica; SET synchronous_commit = off`);
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await run(MONTHS, keysSql(asked, keys));
  log(`made ${keys} keys`);
  const half = DAYS / 2;
  await Promise.all([
    run(usageSql(asked, 0, half), usageSql(asked, half, DAYS), othersSql(asked)),
    ...(hasAudit ? [run(auditSql(asked))] : []),
  ]);
  await run('VACUUM ANALYZE api_keys, key_credentials, key_usage, key_refusals, key_scope_uses, audit_entries');
  log(`filled the usage of each key and hour${hasAudit ? ', and the audit' : ''}`);
}
