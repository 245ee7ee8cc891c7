import { once } from 'node:events';
import { parseTrustedProxies } from '../../access/network/client-ip.js';
import { BUILT_IN_RESOURCES, isBuiltInOn, unknownResources } from '../../access/scopes/built-in-resources.js';
import { NO_STANDBY } from '../../access/freshness/synchronous-standby.js';
import { checkTriggers } from '../../access/freshness/trigger-check.js';
import { missingAppendOnlyTriggers } from '../../kit/audit/append-only.js';
import { auditExportStates } from '../../kit/audit/export/export-states.js';
import { sinkNames } from '../../kit/audit/export/open-sinks.js';
import { AUDIT_KEY_PURPOSE } from '../../kit/audit/audit-keys.js';
import type { Config } from '../../core/config/config.js';
import { pendingMigrations, schemaDrift } from '../../core/database/migrate.js';
import { tablesWithoutPolicies } from '../../core/database/org-policies.js';
import { countSeals } from '../../core/database/sealed-rows.js';
import { excessRights } from '../../core/database/server-role.js';
import type { SealKey } from '../../core/encryption/secret-box.js';
import { ENTITIES } from '../../entities.js';
import { ALL_RETENTION_RULES } from '../../retention-rules.js';
import { KEYS_HOLDING } from '../../tenancy/api-keys/keys-holding-sql.js';
import { SIGNING_KEY_PURPOSE } from '../../tenancy/signing-keys/signing-keys.service.js';
import { checkAddresses } from './stored-addresses.js';
import type { Check, DatabaseTarget } from './doctor-check.js';
import { checkFiles, checkObjectStorage } from './doctor-files.js';
import { connectAndRun } from './with-database.js';

const POSTGRES_VERSION_MIN = 150_000;
/** The lease's heartbeat reports a change within this time anyway. */
const NOTIFICATION_TIMEOUT_MS = 500;
const CLOCK_SKEW_MAX_MS = 2_000;
/** The retention job makes months at least 90 days ahead. */
const PARTITION_DAYS_MIN = 60;
const EXPORT_LAG_SECONDS_MAX = 300;

export const CHECKS: readonly Check<Config>[] = [
  { name: 'trusted proxies', run: checkTrustedProxies },
  { name: 'built-in resources', run: checkBuiltInResources },
  { name: 'object storage', run: checkObjectStorage },
];

export const DATABASE_CHECKS: readonly Check<DatabaseTarget>[] = [
  { name: 'database', run: checkServer },
  { name: 'roles', run: checkRoles },
  { name: 'migrations', run: checkPendingMigrations },
  { name: 'schema', run: checkSchema },
  { name: 'partitions', run: checkPartitions },
  { name: 'triggers', run: checkCredentialTriggers },
  { name: 'audit', run: checkAudit },
  { name: 'audit export', run: checkAuditExport },
  { name: 'bell', run: checkNotifications },
  { name: 'freshness', run: checkStandbys },
  { name: 'search', run: checkSearch },
  { name: 'signing keys', run: checkSigningKeys },
  { name: 'encryption', run: checkEncryption },
  { name: 'scopes', run: checkHeldScopes },
  { name: 'addresses', run: checkAddresses },
  { name: 'files', run: checkFiles },
  { name: 'clock', run: checkClock },
];

function checkTrustedProxies({ trustedProxies }: Config): string {
  const parsed = parseTrustedProxies(trustedProxies);
  if ('problems' in parsed) throw new Error(`TRUSTED_PROXIES: ${parsed.problems.join(' ')}`);
  return `TRUSTED_PROXIES is ${trustedProxies}`;
}

function checkBuiltInResources(config: Config): string {
  const unknown = unknownResources(config);
  if (unknown.length > 0) {
    throw new Error(`BUILT_IN_RESOURCES: unknown: ${unknown.join(', ')}; there are ${BUILT_IN_RESOURCES.join(', ')}`);
  }
  const { builtInResources } = config;
  if (builtInResources === 'all') return 'all are on';
  return builtInResources.length === 0 ? 'none is on' : `on: ${builtInResources.join(', ')}`;
}

async function checkServer({ address, client }: DatabaseTarget): Promise<string> {
  const startedAt = performance.now();
  const { rows } = await client.query<{ text: string; number: number; users: number }>(`
    select current_setting('server_version') as text, current_setting('server_version_num')::int as number,
      (select count(*)::int from pg_stat_activity where application_name = 'gatehouse' and pid <> pg_backend_pid()) as users`);
  const { text, number, users } = rows[0]!;
  if (number < POSTGRES_VERSION_MIN) throw new Error(`PostgreSQL ${text} is too old: 15 is the minimum`);
  const where = address.embeddedIn === undefined ? 'as configured' : `embedded, in ${address.embeddedIn}`;
  const answerMs = (performance.now() - startedAt).toFixed(1);
  return `PostgreSQL ${text}, ${where}; answers in ${answerMs} ms; ${users} other connections of Gatehouse`;
}

async function checkRoles({ client }: DatabaseTarget): Promise<string> {
  const { role, rights } = await excessRights(client);
  if (rights.length === 0) {
    const open = await tablesWithoutPolicies(client);
    if (open.length > 0) throw new Error(`without row-level security: ${open.join(', ')}; run "gatehouse migrate"`);
    return `the server runs as ${role}, which owns nothing`;
  }
  const sql = `CREATE ROLE gatehouse_server LOGIN PASSWORD '…'`;
  throw new Error(
    `the server runs as ${role}, which ${rights.join(', ')}: run "${sql}", name that role in DATABASE_URL and ${role} in DATABASE_OWNER_URL, and run "gatehouse migrate" (docs/operations.md, "Two database roles")`,
  );
}

async function checkPendingMigrations({ address }: DatabaseTarget): Promise<string> {
  const pending = await pendingMigrations(address.directUrl);
  if (pending.length > 0) throw new Error(`pending: ${pending.join(', ')}; run "gatehouse migrate"`);
  return 'none pending';
}

async function checkSchema({ address }: DatabaseTarget): Promise<string> {
  const drift = await schemaDrift(address.ownerUrl ?? address.directUrl, ENTITIES);
  if (drift.length > 0) throw new Error(`the schema differs from the entities; to fix it: ${drift.join(' ')}`);
  return 'the schema matches the entities';
}

async function checkPartitions({ client }: DatabaseTarget): Promise<string> {
  const tables = ALL_RETENTION_RULES.filter(({ byMonth }) => byMonth !== undefined).map(({ table }) => table);
  const { rows } = await client.query<{ name: string; date: string }>(
    `select name, date::text from unnest($1::text[]) name, cast(now() at time zone 'UTC' + make_interval(days => $2) as date) date
     where not exists (
       select from month_partitions(name) p
       where date < p.ends and (p.is_first or date >= p.ends - interval '1 month'))`,
    [tables, PARTITION_DAYS_MIN],
  );
  if (rows.length === 0) return `${tables.join(', ')} have partitions for the next ${PARTITION_DAYS_MIN} days`;
  const missing = rows.map(({ name, date }) => `${name} lacks ${date.slice(0, 7)}`).join(', ');
  throw new Error(`${missing}: the hourly job "retention" doesn't run; gatehouse_jobs in /metrics and the log say why`);
}

async function checkCredentialTriggers({ client }: DatabaseTarget): Promise<string> {
  const silent = await checkTriggers((text) => client.query(text));
  if (silent.length > 0) throw new Error(`missing, or not ENABLE ALWAYS: ${silent.join(', ')}`);
  return 'every change of a credential notifies';
}

async function checkAudit({ client, secretBox }: DatabaseTarget): Promise<string> {
  const missing = await missingAppendOnlyTriggers((text, values) => client.query(text, values));
  if (missing.length > 0) throw new Error(`can be changed: missing, or not ENABLE ALWAYS: ${missing.join(', ')}`);
  const { rows } = await client.query<{ id: string; sealed: Buffer }>(
    'select id, sealed_key as sealed from audit_keys order by created_at, id',
  );
  const closed = rows.filter(({ sealed }) => secretBox.tryOpen(sealed, AUDIT_KEY_PURPOSE) === undefined);
  if (closed.length > 0)
    throw new Error(`ENCRYPTION_KEY does not decrypt its key ${closed.map(({ id }) => id).join(', ')}`);
  if (rows.length === 0) return 'append-only; no key yet: the next start creates one';
  return 'append-only, and its keys can be decrypted';
}

async function checkAuditExport({ client, config }: DatabaseTarget): Promise<string> {
  const names = sinkNames(config);
  if (names.length === 0) return 'off: the audit is in the database only';
  const states = await auditExportStates((text, values) => client.query(text, values), names);
  const behind = states.filter(
    ({ failingSince, lagSeconds }) => failingSince !== null || lagSeconds > EXPORT_LAG_SECONDS_MAX,
  );
  if (behind.length === 0) {
    const lags = states.map(({ sink, lagSeconds }) => `${sink} has everything older than ${Math.ceil(lagSeconds)} s`);
    return [...lags, ...(states.length < names.length ? ['other sinks wait for a server'] : [])].join('; ');
  }
  const problems = behind.map(({ sink, lagSeconds, error }) => {
    return `${sink} lacks entries of the last ${Math.ceil(lagSeconds)} s${error === null ? '' : `: ${error}`}`;
  });
  throw new Error(problems.join('; '));
}

async function checkNotifications({ address, client }: DatabaseTarget): Promise<string> {
  return connectAndRun(address.directUrl, async (listener) => {
    await listener.query('listen access');
    // Handles the rejection here, because the code below doesn't await it if the query fails.
    const isHeard = once(listener, 'notification', { signal: AbortSignal.timeout(NOTIFICATION_TIMEOUT_MS) }).then(
      () => true,
      () => false,
    );
    const notifiedAt = performance.now();
    await client.query(`select pg_notify('access', version::text) from access_version`);
    if (!(await isHeard)) {
      throw new Error(
        `not received within ${NOTIFICATION_TIMEOUT_MS} ms; DATABASE_DIRECT_URL must not lead to a transaction pooler`,
      );
    }
    return `received after ${(performance.now() - notifiedAt).toFixed(1)} ms`;
  });
}

/** Tests quotes, a dash and non-ASCII capitals, which some locales handle wrongly. */
async function checkStandbys({ client, config: { freshness } }: DatabaseTarget): Promise<string> {
  const { rows } = await client.query<{ names: string }>(
    "select current_setting('synchronous_standby_names') as names",
  );
  const { names } = rows[0]!;
  if (freshness === 'strict' && names === '') throw new Error(NO_STANDBY);
  return `FRESHNESS is ${freshness}; synchronous_standby_names is ${names === '' ? 'empty' : names}`;
}

async function checkSearch({ client }: DatabaseTarget): Promise<string> {
  const { rows } = await client.query<{ words: string }>(
    `select to_tsvector('english', search_text('“Élan” — «Öl»'))::text as words`,
  );
  const { words } = rows[0]!;
  if (words === `'élan':1 'öl':2`) return 'words are found next to any punctuation, in any case';
  throw new Error(
    `“Élan” — «Öl» is indexed as ${words}: this PostgreSQL lacks the collation pg_c_utf8 (17) or und-x-icu`,
  );
}

async function checkSigningKeys({ client, secretBox }: DatabaseTarget): Promise<string> {
  const { rows } = await client.query<{ kid: string; sealed: Buffer }>(
    'select kid, private_jwk_encrypted as sealed from signing_keys order by created_at',
  );
  const closed = rows.filter(({ sealed }) => secretBox.tryOpen(sealed, SIGNING_KEY_PURPOSE) === undefined);
  if (closed.length > 0) throw new Error(`ENCRYPTION_KEY does not decrypt ${closed.map(({ kid }) => kid).join(', ')}`);
  if (rows.length === 0) return 'none yet: the first JWT creates one';
  return `${rows.length}, all decrypted by the encryption key`;
}

async function checkEncryption({ client, secretBox }: DatabaseTarget): Promise<string> {
  const counts = await countSeals((text) => client.query(text), secretBox);
  const under = (key: SealKey) =>
    counts.flatMap((count) => (count[key] > 0 ? [`${count[key]} in ${count.table}`] : []));
  const [unknown, left] = [under('unknown'), [...under('older'), ...under('unmarked')]];
  if (unknown.length > 0) {
    throw new Error(`encrypted with a key that is not in ENCRYPTION_KEY or ENCRYPTION_KEYS_OLD: ${unknown.join(', ')}`);
  }
  if (left.length > 0) return `encrypted with older keys: ${left.join(', ')}; run "gatehouse encryption rotate"`;
  return 'every secret is encrypted with the current key';
}

async function checkHeldScopes({ client, config }: DatabaseTarget): Promise<string> {
  const off = BUILT_IN_RESOURCES.filter((resource) => !isBuiltInOn(config, resource));
  const { rows } = await client.query<{ keys: number; resources: string[] }>(KEYS_HOLDING, [off]);
  const { keys, resources } = rows[0]!;
  if (keys === 0) return 'no active key holds scopes of resources that are off';
  return `active keys that hold scopes of resources that are off: ${keys} (${resources.join(', ')}); those scopes do nothing`;
}

async function checkClock({ client }: DatabaseTarget): Promise<string> {
  const askedAt = Date.now();
  const { rows } = await client.query<{ now: Date }>('select clock_timestamp() as now');
  const skewMs = rows[0]!.now.getTime() - (askedAt + Date.now()) / 2;
  const text = `the database's is ${Math.abs(Math.round(skewMs))} ms ${skewMs < 0 ? 'behind' : 'ahead of'} this machine's`;
  if (Math.abs(skewMs) > CLOCK_SKEW_MAX_MS) throw new Error(text);
  return text;
}
