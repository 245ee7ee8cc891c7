import type { EntityManager } from 'typeorm';
import type { AppError, FieldProblem } from '../../core/errors/app-error.js';
import { coreErrors } from '../../core/errors/core-errors.js';
import { invalidRequest } from '../../core/errors/invalid-request.js';
import { BROKEN_RULES, issuedAtSql } from './broken-rules-sql.js';
import { type EffectivePolicy, effectivePolicy, type LeveledRules } from './effective-policy.js';
import { DAY_MS, judgedKey, type JudgedKey, KEY_RULES, type KeyRule } from './policy-rules.js';
import { brokenRuleProblem, FIELD_OF_RULE, policyWords } from './rule-sentences.js';

/** The policies of an org as stored, with their level. */
export type StoredPolicies = readonly LeveledRules[];

/** Settings of a key and the time when its newest credential was made, or will be. */
type IssuedKey = JudgedKey & { readonly issued_at: Date };

type StoredKey = JudgedKey & { readonly id: string };

export interface KeyChange {
  readonly key: StoredKey;
  readonly change: Partial<JudgedKey>;
}

/** The rules that each key of $1 breaks, of the policies $2. Both are lists in JSON. */
const JUDGE = `
  SELECT ARRAY(SELECT DISTINCT rule FROM jsonb_populate_recordset(NULL::key_policies, $2::jsonb) p, unnest(${BROKEN_RULES}) rule)
    AS rules
  FROM ROWS FROM (jsonb_to_recordset($1::jsonb) AS (
    type text, scopes text[], expires_at timestamptz, allowed_ips text[], allowed_origins text[], issued_at timestamptz
  )) WITH ORDINALITY k (type, scopes, expires_at, allowed_ips, allowed_origins, issued_at, place)
  ORDER BY place`;

const ISSUED_AT = `SELECT id, ${issuedAtSql('keys.id')} AS issued_at FROM unnest($1::uuid[]) keys (id)`;

/** What the policies of an org say about its keys. They can't change before the transaction that holds them ends. */
export class HeldPolicies {
  readonly effective: EffectivePolicy;

  constructor(
    private readonly manager: EntityManager,
    private readonly policies: StoredPolicies,
  ) {
    this.effective = effectivePolicy(policies);
  }

  /** The settings of a new key, with the default expiry if they have none. */
  withDefaults<Fields extends Partial<JudgedKey>>(fields: Fields): Fields {
    const days = this.effective.default_lifetime_days?.value;
    if (days === undefined || fields.expires_at != null) return fields;
    return { ...fields, expires_at: new Date(Date.now() + days * DAY_MS) };
  }

  /** @param count the active keys of the org before the new one @throws AppError limit_reached (409) */
  assertRoom(count: number): void {
    const limit = this.keysLimit();
    if (limit !== undefined && count >= limit.max) throw limit.refusal;
  }

  /** The most active keys that the policies allow, with what one more is told (409). Undefined: they don't say. */
  keysLimit(): { readonly max: number; readonly refusal: AppError } | undefined {
    const rule = this.effective.max_active_keys;
    if (rule === undefined) return undefined;
    const what = `active API keys in ${policyWords(rule.set_by)} (max_active_keys)`;
    return { max: rule.value, refusal: coreErrors.limit_reached({ max: rule.value, what }) };
  }

  /** For a key that is created, or gets a new credential. @throws AppError invalid_request (400) naming rule and policy */
  async assertIssuable(key: Partial<JudgedKey>): Promise<void> {
    const [problems] = await this.problemsOf([key]);
    if (problems!.length > 0) throw invalidRequest(problems!);
  }

  /** What forbids each of the keys, if they are created now. In their order; empty: nothing does. */
  async problemsOf(keys: readonly Partial<JudgedKey>[]): Promise<FieldProblem[][]> {
    const issued_at = new Date();
    const issued = keys.map((key) => ({ ...judgedKey(key), issued_at }));
    return (await this.#brokenBy(issued)).map((rules, index) => this.#problems(rules, issued[index]!));
  }

  /** As `problemsOfChanges`, for one key. @throws AppError invalid_request (400) naming rule and policy */
  async assertChange(key: StoredKey, change: Partial<JudgedKey>): Promise<void> {
    const [problems] = await this.problemsOfChanges([{ key, change }]);
    if (problems!.length > 0) throw invalidRequest(problems!);
  }

  /**
   * What forbids each change of an existing key. Settings that a change leaves alone may break rules, and those that it
   * narrows too: an earlier expiry, fewer scopes.
   */
  async problemsOfChanges(changes: readonly KeyChange[]): Promise<FieldProblem[][]> {
    const afters = changes.map(({ key, change }) => ({ ...judgedKey(key), ...givenOf(change) }));
    const loosened = changes.map(({ key }, index) =>
      KEY_RULES.filter((rule) => isLoosened(FIELD_OF_RULE[rule], key, afters[index]!)),
    );
    if (loosened.every((rules) => rules.length === 0) || this.policies.length === 0) return changes.map(() => []);
    const issuedAt = await this.#issuedAt(changes.map(({ key }) => key.id));
    const issued = afters.map((after, index) => ({ ...after, issued_at: issuedAt.get(changes[index]!.key.id)! }));
    return (await this.#brokenBy(issued)).map((broken, index) => {
      const rules = broken.filter((rule) => loosened[index]!.includes(rule));
      return this.#problems(rules, issued[index]!);
    });
  }

  async #issuedAt(ids: readonly string[]): Promise<ReadonlyMap<string, Date>> {
    const rows = await this.manager.query<{ id: string; issued_at: Date }[]>(ISSUED_AT, [ids]);
    return new Map(rows.map(({ id, issued_at }) => [id, issued_at]));
  }

  async #brokenBy(keys: readonly IssuedKey[]): Promise<KeyRule[][]> {
    if (this.policies.length === 0) return keys.map(() => []);
    const values = [JSON.stringify(keys), JSON.stringify(this.policies)];
    return (await this.manager.query<{ rules: KeyRule[] }[]>(JUDGE, values)).map(({ rules }) => rules);
  }

  #problems(rules: readonly KeyRule[], key: IssuedKey): FieldProblem[] {
    const inOrder = KEY_RULES.filter((rule) => rules.includes(rule));
    return inOrder.map((rule) => brokenRuleProblem(rule, this.effective, key, key.issued_at));
  }
}

/** Whether a setting changes, and not only to a narrower one. */
function isLoosened(field: 'expires_at' | 'scopes' | 'allowed_ips', before: JudgedKey, after: JudgedKey): boolean {
  switch (field) {
    case 'expires_at':
      return endOf(after) > endOf(before);
    case 'scopes':
      if (after.scopes === null) return before.scopes !== null;
      return before.scopes !== null && after.scopes.some((scope) => !before.scopes!.includes(scope));
    case 'allowed_ips':
      return after.allowed_ips.length === 0 && before.allowed_ips.length > 0;
  }
}

/** The settings that a change has. */
function givenOf({ scopes, expires_at, allowed_ips }: Partial<JudgedKey>): Partial<JudgedKey> {
  return {
    ...(scopes !== undefined && { scopes }),
    ...(expires_at !== undefined && { expires_at }),
    ...(allowed_ips !== undefined && { allowed_ips }),
  };
}

function endOf({ expires_at }: JudgedKey): number {
  return expires_at?.getTime() ?? Infinity;
}
