import { createHash } from 'node:crypto';
import { digestOf, hashSecret, mintKeyPair, mintOpaqueKey } from './dist.ts';
import type { ScratchDatabase } from './scratch.ts';

/** Ids are computed from row numbers, in SQL and here, so that none has to be read back. */
const KINDS = { partner: 1, org: 2, contact: 3, key: 4, credential: 5, agent: 6 } as const;
type Kind = keyof typeof KINDS;

const FIRST_MS = 1_763_800_000_000;
const SCOPES = ['contacts:read', 'contacts:write'];

/** A UUID v7 that increases with the number. */
export function idOf(kind: Kind, number: number): string {
  const time = (FIRST_MS + number).toString(16).padStart(12, '0');
  const tail = createHash('md5').update(String(number)).digest('hex').slice(0, 15);
  const hex = `${time}700${KINDS[kind]}8${tail}`;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function sqlIdOf(kind: Kind, number: string): string {
  return `(lpad(to_hex(${FIRST_MS} + (${number})), 12, '0') || '700${KINDS[kind]}8' || left(md5((${number})::text), 15))::uuid`;
}

export interface SeededKey {
  readonly org: number;
  readonly token: string;
}

/** Creates a partner and its orgs, numbered from 1. */
export async function seedOrgs(database: ScratchDatabase, orgs: number): Promise<void> {
  await database.query(`INSERT INTO partners (id, name) VALUES (${sqlIdOf('partner', '1')}, 'Bench')`);
  await database.query(`
    INSERT INTO orgs (id, partner_id, name, widget_token)
    SELECT ${sqlIdOf('org', 'n')}, ${sqlIdOf('partner', '1')}, 'Org ' || n, md5('widget ' || n)
    FROM generate_series(1, ${orgs}) n`);
}

/** Contacts numbered from 1; the first `perOrg` belong to org 1, and so on. */
export async function seedContacts(database: ScratchDatabase, orgs: number, perOrg: number): Promise<void> {
  await database.query(`
    INSERT INTO contacts (id, org_id, email, phone_number, name, custom_data)
    SELECT ${sqlIdOf('contact', 'n')}, ${sqlIdOf('org', `(n - 1) / ${perOrg} + 1`)}, 'contact' || n || '@example.com',
           '+49' || 1500000000 + n, 'Contact ' || n, '{"plan": "gold", "source": "import"}'
    FROM generate_series(1, ${orgs * perOrg}) n`);
}

/** Scoped opaque keys, numbered from `first`, inserted directly. */
export async function seedKeys(
  database: ScratchDatabase,
  orgOf: (index: number) => number,
  count: number,
  first = 1,
): Promise<SeededKey[]> {
  const keys = Array.from({ length: count }, (_, index) => ({
    org: orgOf(index),
    token: mintOpaqueKey('ocx', 'live'),
  }));
  await insertKeys(
    database,
    `SELECT ${first} + row - 1 AS n, org, digest, NULL::text AS secret_hash, 'bearer' AS kind, NULL::bigint AS agent
     FROM unnest($1::int[], $2::text[]) WITH ORDINALITY AS given (org, digest, row)`,
    [keys.map(({ org }) => org), keys.map(({ token }) => digestOf(token))],
  );
  return keys;
}

/** Declares the service `billing`: resources with two scopes each, and routes that are spread over them. */
export async function seedService(
  database: ScratchDatabase,
  { resources, routes }: { resources: number; routes: number },
): Promise<void> {
  const declared = Array.from({ length: routes }, (_, index) => {
    const resource = `resource-${(index % resources) + 1}`;
    const isRead = index < routes / 2;
    return {
      methods: isRead ? ['GET'] : ['POST', 'PATCH'],
      path: isRead ? `/${resource}/{id}` : `/${resource}/**`,
      needs: `${resource}:${isRead ? 'read' : 'write'}`,
    };
  });
  await database.query(
    `INSERT INTO services (id, slug, label, description, routes)
     VALUES (gen_random_uuid(), 'billing', 'Billing', 'A service.', $1)`,
    [JSON.stringify(declared)],
  );
  await database.query(
    `INSERT INTO service_resources (name, service_id, position, label, description, actions)
     SELECT 'resource-' || n, (SELECT id FROM services), n, 'Resource', 'A resource.', '{read,write}'
     FROM generate_series(1, $1::int) n`,
    [resources],
  );
}

/** A key of the service. */
export async function seedServiceKey(database: ScratchDatabase): Promise<string> {
  const token = mintOpaqueKey('ocx', 'live');
  await database.query(
    `WITH key AS (
       INSERT INTO api_keys (id, service_id, kind, name, masked_key, created_by_type, created_by_name)
       SELECT gen_random_uuid(), id, 'bearer', 'Bench', 'masked', 'operator', 'bench' FROM services RETURNING id
     )
     INSERT INTO key_credentials (id, key_id, digest) SELECT gen_random_uuid(), id, $1 FROM key`,
    [digestOf(token)],
  );
  return token;
}

/** Replaces the scopes of all keys. */
export async function grantScope(database: ScratchDatabase, scope: string): Promise<void> {
  await database.query('UPDATE api_keys SET scopes = ARRAY[$1]', [scope]);
}

/** Unused keys that give the tables a realistic size, `perOrg` for each org. */
export async function seedFillerKeys(database: ScratchDatabase, first: number, last: number, orgs: number) {
  await insertKeys(
    database,
    `SELECT n, n % ${orgs} + 1 AS org, encode(sha256(('filler ' || n)::bytea), 'hex') AS digest,
            NULL::text AS secret_hash, 'bearer' AS kind, NULL::bigint AS agent
     FROM generate_series(${first}, ${last}) n`,
  );
}

/** Keys with secrets of org 1, hashed as the server does. */
export async function seedPairs(database: ScratchDatabase, count: number, first: number) {
  const pairs = Array.from({ length: count }, () => mintKeyPair('ocx'));
  const hashes = [];
  for (const { secret } of pairs) hashes.push(await hashSecret(secret));
  await database.query(
    `INSERT INTO agents (id, org_id, name)
     SELECT ${sqlIdOf('agent', 'row')}, ${sqlIdOf('org', '1')}, 'Agent ' || row FROM generate_series(1, ${count}) row`,
  );
  await insertKeys(
    database,
    `SELECT ${first} + row - 1 AS n, 1 AS org, digest, secret_hash, 'key_secret' AS kind, row AS agent
     FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS given (digest, secret_hash, row)`,
    [pairs.map(({ key }) => digestOf(key)), hashes],
  );
  return pairs;
}

/** A partner key, for the routes that create JWT keys. */
export async function seedPartnerKey(database: ScratchDatabase, number: number): Promise<string> {
  const token = mintOpaqueKey('ocx', 'live');
  await insertKeys(
    database,
    `SELECT ${number} AS n, NULL::int AS org, $1::text AS digest, NULL::text AS secret_hash, 'bearer' AS kind,
            NULL::bigint AS agent`,
    [digestOf(token)],
  );
  return token;
}

/** Updates statistics and writes dirty pages, so that later rounds do not differ. */
export async function settle(database: ScratchDatabase): Promise<void> {
  await database.query('VACUUM (ANALYZE)');
  await database.query('CHECKPOINT');
}

/** @param source a SELECT of n, org, digest, secret_hash, kind, agent */
async function insertKeys(database: ScratchDatabase, source: string, values: readonly unknown[] = []): Promise<void> {
  await database.query(
    `WITH given AS MATERIALIZED (${source}),
     keys AS (
       INSERT INTO api_keys (id, org_id, partner_id, kind, name, scopes, agent_id, masked_key, created_by_type, created_by_name)
       SELECT ${sqlIdOf('key', 'n')}, ${sqlIdOf('org', 'org')}, CASE WHEN org IS NULL THEN ${sqlIdOf('partner', '1')} END,
              kind, 'Key ' || n, CASE WHEN org IS NOT NULL THEN '{${SCOPES.join(',')}}'::text[] END,
              ${sqlIdOf('agent', 'agent')}, 'ocx_live_…' || right(digest, 4), 'operator', 'Bench'
       FROM given)
     INSERT INTO key_credentials (id, key_id, digest, secret_hash)
     SELECT ${sqlIdOf('credential', 'n')}, ${sqlIdOf('key', 'n')}, digest, secret_hash FROM given`,
    values,
  );
}
