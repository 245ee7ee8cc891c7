import { once } from 'node:events';
import type pg from 'pg';
import { parseTrustedProxies } from '../../access/network/client-ip.js';
import { checkTriggers } from '../../access/freshness/trigger-check.js';
import { missingAppendOnlyTriggers } from '../../kit/audit/append-only.js';
import { AUDIT_KEY_PURPOSE } from '../../kit/audit/audit-keys.js';
import type { Config } from '../../core/config/config.js';
import { pendingMigrations, schemaDrift } from '../../core/database/migrate.js';
import { tablesWithoutPolicies } from '../../core/database/org-policies.js';
import { countSeals } from '../../core/database/sealed-rows.js';
import { excessRights } from '../../core/database/server-role.js';
import type { SealKey, SecretBox } from '../../core/encryption/secret-box.js';
import { ENTITIES } from '../../entities.js';
import { SIGNING_KEY_PURPOSE } from '../../tenancy/signing-keys/signing-keys.service.js';
import { lookAtAddresses } from './stored-addresses.js';
import { connectAndRun, type DatabaseAddress } from './with-database.js';

const POSTGRES_VERSION_MIN = 150_000;
/** The heartbeat of a lease would bring the news by then anyway. */
const BELL_WAIT_MS = 500;
const CLOCK_SKEW_MAX_MS = 2_000;

/** What the checks of the database look at. */
export interface Patient {
  readonly address: DatabaseAddress;
  /** Connected as the pool connects. */
  readonly client: pg.Client;
  readonly secretBox: SecretBox;
}

export interface Check<P> {
  readonly name: string;
  /** What there is to say when all is well. @throws Error saying what is not */
  look(patient: P): string | Promise<string>;
}

export const CHECKS: readonly Check<Config>[] = [{ name: 'trusted proxies', look: lookAtTrustedProxies }];

export const DATABASE_CHECKS: readonly Check<Patient>[] = [
  { name: 'database', look: lookAtServer },
  { name: 'roles', look: lookAtRoles },
  { name: 'migrations', look: lookAtMigrations },
  { name: 'schema', look: lookAtDrift },
  { name: 'triggers', look: lookAtTriggers },
  { name: 'audit', look: lookAtAudit },
  { name: 'bell', look: ringTheBell },
  { name: 'search', look: lookForWords },
  { name: 'signing keys', look: openSigningKeys },
  { name: 'encryption', look: lookAtSeals },
  { name: 'addresses', look: lookAtAddresses },
  { name: 'clock', look: compareClocks },
];

function lookAtTrustedProxies({ trustedProxies }: Config): string {
  const judged = parseTrustedProxies(trustedProxies);
  if ('problems' in judged) throw new Error(`TRUSTED_PROXIES: ${judged.problems.join(' ')}`);
  return `TRUSTED_PROXIES is ${trustedProxies}`;
}

async function lookAtServer({ address, client }: Patient): Promise<string> {
  const startedAt = performance.now();
  const { rows } = await client.query<{ text: string; number: number; users: number }>(`
    select current_setting('server_version') as text, current_setting('server_version_num')::int as number,
      (select count(*)::int from pg_stat_activity where application_name = 'gatehouse' and pid <> pg_backend_pid()) as users`);
  const { text, number, users } = rows[0]!;
  if (number < POSTGRES_VERSION_MIN) throw new Error(`PostgreSQL ${text} is too old: 15 is the least`);
  const where = address.embeddedIn === undefined ? 'as configured' : `embedded, in ${address.embeddedIn}`;
  const answerMs = (performance.now() - startedAt).toFixed(1);
  return `PostgreSQL ${text}, ${where}; answers in ${answerMs} ms; ${users} other connections of Gatehouse`;
}

async function lookAtRoles({ client }: Patient): Promise<string> {
  const { role, rights } = await excessRights(client);
  if (rights.length === 0) {
    const open = await tablesWithoutPolicies(client);
    if (open.length > 0) throw new Error(`without row-level security: ${open.join(', ')}; run "npm run migrate"`);
    return `the server runs as ${role}, which owns nothing`;
  }
  const sql = `CREATE ROLE gatehouse_server LOGIN PASSWORD '…'`;
  throw new Error(
    `the server runs as ${role}, which ${rights.join(', ')}: run "${sql}", name that role in DATABASE_URL and ${role} in DATABASE_OWNER_URL, and run "npm run migrate" (docs/operations.md, "Two database roles")`,
  );
}

async function lookAtMigrations({ address }: Patient): Promise<string> {
  const pending = await pendingMigrations(address.directUrl);
  if (pending.length > 0) throw new Error(`pending: ${pending.join(', ')}; run "npm run migrate"`);
  return 'none pending';
}

async function lookAtDrift({ address }: Patient): Promise<string> {
  const drift = await schemaDrift(address.ownerUrl ?? address.directUrl, ENTITIES);
  if (drift.length > 0) throw new Error(`not what the program expects; it would: ${drift.join(' ')}`);
  return 'as the program expects it';
}

async function lookAtTriggers({ client }: Patient): Promise<string> {
  const silent = await checkTriggers((text) => client.query(text));
  if (silent.length > 0) throw new Error(`missing, or not ENABLE ALWAYS: ${silent.join(', ')}`);
  return 'every change of a credential rings';
}

async function lookAtAudit({ client, secretBox }: Patient): Promise<string> {
  const missing = await missingAppendOnlyTriggers((text, values) => client.query(text, values));
  if (missing.length > 0) throw new Error(`can be changed: missing, or not ENABLE ALWAYS: ${missing.join(', ')}`);
  const { rows } = await client.query<{ id: string; sealed: Buffer }>(
    'select id, sealed_key as sealed from audit_keys order by created_at, id',
  );
  const closed = rows.filter(({ sealed }) => secretBox.tryOpen(sealed, AUDIT_KEY_PURPOSE) === undefined);
  if (closed.length > 0)
    throw new Error(`ENCRYPTION_KEY does not open its key ${closed.map(({ id }) => id).join(', ')}`);
  if (rows.length === 0) return 'append-only; no key yet: the next start makes one';
  return 'append-only, and its keys open';
}

async function ringTheBell({ address, client }: Patient): Promise<string> {
  return connectAndRun(address.directUrl, async (listener) => {
    await listener.query('listen access');
    // Caught at once: when ringing fails, nobody waits for it any more.
    const heard = once(listener, 'notification', { signal: AbortSignal.timeout(BELL_WAIT_MS) }).then(
      () => true,
      () => false,
    );
    const rungAt = performance.now();
    await client.query(`select pg_notify('access', version::text) from access_version`);
    if (!(await heard)) {
      throw new Error(`not heard within ${BELL_WAIT_MS} ms; DATABASE_DIRECT_URL must not lead to a transaction pooler`);
    }
    return `heard after ${(performance.now() - rungAt).toFixed(1)} ms`;
  });
}

/** Quotes, a dash and a capital beyond ASCII: what a locale may get wrong. */
async function lookForWords({ client }: Patient): Promise<string> {
  const { rows } = await client.query<{ words: string }>(
    `select to_tsvector('english', search_text('“Élan” — «Öl»'))::text as words`,
  );
  const { words } = rows[0]!;
  if (words === `'élan':1 'öl':2`) return 'words are found beside any punctuation, in capitals or not';
  throw new Error(
    `“Élan” — «Öl» is indexed as ${words}: this PostgreSQL lacks the collation pg_c_utf8 (17) or und-x-icu`,
  );
}

async function openSigningKeys({ client, secretBox }: Patient): Promise<string> {
  const { rows } = await client.query<{ kid: string; sealed: Buffer }>(
    'select kid, private_jwk_encrypted as sealed from signing_keys order by created_at',
  );
  const closed = rows.filter(({ sealed }) => secretBox.tryOpen(sealed, SIGNING_KEY_PURPOSE) === undefined);
  if (closed.length > 0) throw new Error(`ENCRYPTION_KEY does not open ${closed.map(({ kid }) => kid).join(', ')}`);
  if (rows.length === 0) return 'none yet: the first JWT makes one';
  return `${rows.length}, all opened by the encryption key`;
}

async function lookAtSeals({ client, secretBox }: Patient): Promise<string> {
  const counts = await countSeals((text) => client.query(text), secretBox);
  const under = (key: SealKey) =>
    counts.flatMap((count) => (count[key] > 0 ? [`${count[key]} in ${count.table}`] : []));
  const [unknown, left] = [under('unknown'), [...under('older'), ...under('unmarked')]];
  if (unknown.length > 0) {
    throw new Error(`sealed under a key that is not in ENCRYPTION_KEY or ENCRYPTION_KEYS_OLD: ${unknown.join(', ')}`);
  }
  if (left.length > 0) return `under older keys: ${left.join(', ')}; "gatehouse encryption rotate" seals them anew`;
  return 'every secret is under the current key';
}

async function compareClocks({ client }: Patient): Promise<string> {
  const askedAt = Date.now();
  const { rows } = await client.query<{ now: Date }>('select clock_timestamp() as now');
  const skewMs = rows[0]!.now.getTime() - (askedAt + Date.now()) / 2;
  const text = `the database's is ${Math.abs(Math.round(skewMs))} ms ${skewMs < 0 ? 'behind' : 'ahead of'} this machine's`;
  if (Math.abs(skewMs) > CLOCK_SKEW_MAX_MS) throw new Error(text);
  return text;
}
