import { beforeAll, expect, it } from 'vitest';
import { inTransaction } from '../../src/core/database/transaction.js';
import type { ApiKey } from '../../src/tenancy/api-keys/api-key.entity.js';
import { KeyPolicies } from '../../src/tenancy/key-policies/key-policies.service.js';
import { POLICY_LEVELS } from '../../src/tenancy/key-policies/policy-rules.js';
import { SeededRandom } from '../gateway/support/seeded-random.js';
import { PolicySetters } from '../support/key-policies.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { newKeyPair, newOpaqueKey } from '../support/stored-keys.js';

const ROUNDS = 25;
const KEYS = 60;
const DAY_MS = 86_400_000;
const PAST = '2020-01-01T00:00:00.000Z';
const SCOPES = ['contacts:read', 'contacts:create', 'tags:read', 'tags:write'];

/** Repeats a run that failed: POLICY_SEED=123. */
const seed = Number(process.env['POLICY_SEED'] ?? Math.floor(Math.random() * 2 ** 32));
const random = new SeededRandom(seed);

const server = TestServer.forSuite();
let org: TestOrg;
let policies: PolicySetters;
beforeAll(async () => {
  org = await server.newOrg();
  policies = await PolicySetters.of(server, org);
});

interface Rules {
  readonly max_lifetime_days?: number;
  readonly expiry_required?: boolean;
  readonly full_access_forbidden?: boolean;
  readonly ip_list_required?: boolean;
  readonly scope_ceiling?: readonly string[];
}

function randomPolicy(): Rules & { readonly enforce_from: string } {
  const ceiling = SCOPES.filter(() => random.isTrue(0.7));
  return {
    ...(random.isTrue(0.3) && { max_lifetime_days: random.of([1, 30, 90]) }),
    ...(random.isTrue(0.2) && { expiry_required: true }),
    ...(random.isTrue(0.2) && { full_access_forbidden: true }),
    ...(random.isTrue(0.2) && { ip_list_required: true }),
    ...(random.isTrue(0.2) && ceiling.length > 0 && { scope_ceiling: ceiling }),
    enforce_from: PAST,
  };
}

interface MadeKey {
  readonly id: string;
  readonly settings: Partial<ApiKey>;
  ask(): Promise<number>;
}

async function randomKey(): Promise<MadeKey> {
  const expires_at = random.isTrue(0.3) ? null : new Date(Date.now() + random.of([0.5, 20, 80, 400]) * DAY_MS);
  const allowed_ips = random.isTrue(0.5) ? ['127.0.0.1'] : [];
  const scopes = SCOPES.filter(() => random.isTrue(0.4));
  const given = { expires_at, allowed_ips, scopes: scopes.length === 0 ? null : scopes };
  if (random.isTrue(0.1)) {
    const settings = { ...given, scopes: ['contacts:read'] };
    const { id, key, secret } = await newKeyPair(server, org.id, settings);
    const ask = async () => (await server.http.get('/whoami').set({ 'X-API-Key': key, 'X-API-Secret': secret })).status;
    return { id, settings, ask };
  }
  const typed = { type: 'client', scopes: null, allowed_origins: random.isTrue(0.5) ? ['acme.example'] : [] } as const;
  const settings: Partial<ApiKey> = random.isTrue(0.2)
    ? { ...given, ...typed, allowed_origins: [...typed.allowed_origins] }
    : given;
  const { id, key } = await newOpaqueKey(server, org.id, settings);
  return { id, settings, ask: async () => (await server.as(key).get('/whoami')).status };
}

/** Written a second time, without SQL. */
function isBroken(
  { max_lifetime_days, expiry_required, full_access_forbidden, ip_list_required, scope_ceiling }: Rules,
  { type = 'standard', scopes, expires_at, allowed_ips, allowed_origins = [] }: Partial<ApiKey>,
): boolean {
  const lifetimeDays = expires_at ? (expires_at.getTime() - Date.now()) / DAY_MS : Infinity;
  const isStandard = type === 'standard';
  const isElsewhere = allowed_ips!.length > 0 || (!isStandard && allowed_origins.length > 0);
  return (
    (max_lifetime_days !== undefined && lifetimeDays > max_lifetime_days) ||
    (expiry_required === true && !expires_at) ||
    (full_access_forbidden === true && isStandard && scopes === null) ||
    (ip_list_required === true && !isElsewhere) ||
    (scope_ceiling !== undefined &&
      isStandard &&
      (scopes === null || scopes!.some((scope) => !scope_ceiling.includes(scope))))
  );
}

it('keys that could not be created are those that are listed, and those that are refused', async () => {
  const keys: MadeKey[] = [];
  for (let count = 0; count < KEYS; count++) keys.push(await randomKey());
  const judge = server.app.get(KeyPolicies, { strict: false });
  const totals = { broken: 0, kept: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const set = POLICY_LEVELS.map((level) => ({ level, rules: random.isTrue(0.7) ? randomPolicy() : {} }));
    for (const { level, rules } of set) await policies.set(level, rules);
    const expected = keys.filter(({ settings }) => set.some(({ rules }) => isBroken(rules, settings)));
    const judged = await inTransaction(server.database.dataSource, async (manager) => {
      const held = await judge.hold(manager, org.id);
      return held.problemsOf(keys.map(({ settings }) => settings));
    });
    const statuses: number[] = [];
    for (const { ask } of keys) statuses.push(await ask());
    const idsWhere = (isTrue: (index: number) => boolean) =>
      keys
        .filter((_key, index) => isTrue(index))
        .map(({ id }) => id)
        .toSorted();
    expect({
      seed,
      set,
      judged: idsWhere((index) => judged[index]!.length > 0),
      listed: (await policies.violators()).map(({ id }) => id).toSorted(),
      refused: idsWhere((index) => statuses[index] === 401),
    }).toEqual({
      seed,
      set,
      judged: expected.map(({ id }) => id).toSorted(),
      listed: expected.map(({ id }) => id).toSorted(),
      refused: expected.map(({ id }) => id).toSorted(),
    });
    totals.broken += expected.length;
    totals.kept += keys.length - expected.length;
  }
  expect(Math.min(totals.broken, totals.kept)).toBeGreaterThan((ROUNDS * KEYS) / 10);
});
