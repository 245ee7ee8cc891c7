import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { scopesIn } from '../../access/scopes/scopes.js';
import { Database } from '../../core/database/database.js';
import { takeTurn } from '../../core/database/transaction.js';
import { uuidV7 } from '../../core/database/uuid-v7.js';
import { notFound } from '../../core/errors/core-errors.js';
import { invalidRequest } from '../../core/errors/invalid-request.js';
import { quoteInput } from '../../core/errors/quote-input.js';
import type { Actor } from '../../kit/audit/actor.js';
import { Changes } from '../../kit/audit/changes.js';
import { changesOf } from '../../kit/audit/changes-of.js';
import { Org } from '../orgs/org.entity.js';
import { Partner } from '../partners/partner.entity.js';
import { GrantableScopes } from '../services/grantable-scopes.js';
import { effectivePolicy, type EffectivePolicy } from './effective-policy.js';
import { HeldPolicies } from './held-policies.js';
import { KeyPolicy } from './key-policy.entity.js';
import { type PolicyPlace, placeColumns, placeId, placeLock, placesAbove } from './policy-place.js';
import { POLICIES_AT, type StoredPolicy } from './policies-sql.js';
import { NO_RULES, type PolicyRules } from './policy-rules.js';

/** What a place sets. */
export type PolicySettings = PolicyRules & Pick<KeyPolicy, 'enforce_from'>;

/** The policy of a place, and what counts there. */
export interface PolicyReport {
  readonly own: PolicySettings;
  readonly effective: EffectivePolicy;
  /** The earliest of all that apply. */
  readonly enforce_from: Date | null;
  readonly updated_at: Date | null;
  readonly updated_by: string | null;
}

const NOTHING_SET: PolicySettings = { ...NO_RULES, enforce_from: null };

const HOLD = 'SELECT pg_advisory_xact_lock_shared(hashtextextended(name, 0)) FROM unnest($1::text[]) name';
const ANY_SUSPENDS = 'SELECT EXISTS (SELECT FROM key_policies WHERE suspend_idle_after_days IS NOT NULL) AS any';
const CHANGE = 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))';

/** Policies on the keys of orgs. Once a change returns, it counts for every call that starts later, in every process. */
@Injectable()
export class KeyPolicies {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly scopes: GrantableScopes,
  ) {}

  /**
   * Reads what counts for the keys of an org, and keeps it until the transaction ends: a change of a policy then either
   * waits and finds the key, or comes first and is followed. Take it after the locks of the org and the key.
   */
  async hold(manager: EntityManager, orgId: string): Promise<HeldPolicies> {
    const [org] = await manager.query<{ partner_id: string | null }[]>('SELECT partner_id FROM orgs WHERE id = $1', [
      orgId,
    ]);
    const place = { level: 'org', orgId } as const;
    await manager.query(HOLD, [placesAbove(place, org?.partner_id ?? null).map(placeLock)]);
    // In a statement of its own, whose snapshot is younger than the locks.
    return new HeldPolicies(manager, await readPolicies(manager, place));
  }

  /** @throws AppError not_found (404) */
  async read(place: PolicyPlace): Promise<PolicyReport> {
    await this.#nameOrThrow(this.database.manager, place);
    const policies = await readPolicies(this.database.manager, place);
    const own = policies.find(({ level }) => level === place.level);
    const enforced = policies.flatMap(({ enforce_from }) => (enforce_from === null ? [] : [Date.parse(enforce_from)]));
    return {
      own: own === undefined ? NOTHING_SET : settingsOf(own),
      effective: effectivePolicy(policies),
      enforce_from: enforced.length === 0 ? null : new Date(Math.min(...enforced)),
      updated_at: own === undefined ? null : new Date(own.updated_at),
      updated_by: own?.set_by_name ?? null,
    };
  }

  /**
   * Replaces the policy of a place.
   * @throws AppError not_found (404), invalid_request (400) for unknown scopes
   */
  async set(actor: Actor, place: PolicyPlace, wanted: PolicySettings): Promise<void> {
    await this.changes.change(actor, async (manager, record) => {
      await takeTurn(manager, ...turnOf(place));
      await manager.query(CHANGE, [placeLock(place)]);
      const name = await this.#nameOrThrow(manager, place);
      const settings = await this.validated(wanted, manager);
      const row = await manager.findOneBy(KeyPolicy, placeColumns(place));
      const changes = changesOf<PolicySettings>(row ?? NOTHING_SET, settings);
      if (Object.keys(changes).length === 0) return;
      const setBy = { set_by_type: actor.type, set_by_id: actor.id, set_by_name: actor.name };
      if (row === null)
        await manager.insert(KeyPolicy, { id: uuidV7(), ...placeColumns(place), ...settings, ...setBy });
      else await manager.update(KeyPolicy, { id: row.id }, { ...settings, ...setBy });
      record({
        action: 'key_policy.updated',
        orgId: place.level === 'org' ? place.orgId : null,
        partnerId: place.level === 'partner' ? place.partnerId : null,
        target: { type: 'key_policy', id: placeId(place), name },
        changes,
      });
    });
  }

  async anySuspendsIdleKeys(): Promise<boolean> {
    const { rows } = await this.database.query(ANY_SUSPENDS);
    return rows[0]!['any'] === true;
  }

  /** With the scopes of the ceiling in the order of the catalogue. @throws AppError invalid_request (400) */
  async validated(settings: PolicySettings, manager = this.database.manager): Promise<PolicySettings> {
    const { scope_ceiling: ceiling } = settings;
    if (ceiling === null) return settings;
    const known = new Set(scopesIn(await this.scopes.entries(manager)));
    const unknown = ceiling.filter((scope) => !known.has(scope));
    if (unknown.length > 0) {
      throw invalidRequest(
        unknown.map((scope) => ({ field: 'scope_ceiling', message: `Unknown scope ${quoteInput(scope)}.` })),
      );
    }
    return { ...settings, scope_ceiling: [...known].filter((scope) => ceiling.includes(scope)) };
  }

  async #nameOrThrow(manager: EntityManager, place: PolicyPlace): Promise<string> {
    if (place.level === 'installation') return 'installation';
    if (place.level === 'partner') {
      const partner = await manager.findOneBy(Partner, { id: place.partnerId });
      if (partner === null) throw notFound('Partner');
      return partner.name;
    }
    const org = await manager.findOneBy(Org, { id: place.orgId });
    if (org === null || org.archived_at !== null) throw notFound('Org');
    return org.name;
  }
}

async function readPolicies(manager: EntityManager, place: PolicyPlace): Promise<StoredPolicy[]> {
  const id = placeId(place);
  const rows = await manager.query<{ policy: StoredPolicy }[]>(POLICIES_AT[place.level], id === null ? [] : [id]);
  return rows.map(({ policy }) => policy);
}

/** The turn that creations of keys take too, so that they queue in the process and not for the lock. */
function turnOf(place: PolicyPlace): ['org' | 'partner' | 'services', string] {
  if (place.level === 'org') return ['org', place.orgId];
  return place.level === 'partner' ? ['partner', place.partnerId] : ['services', 'key-policy'];
}

function settingsOf(policy: StoredPolicy): PolicySettings {
  const { enforce_from } = policy;
  const rules = Object.fromEntries(Object.keys(NO_RULES).map((rule) => [rule, policy[rule as keyof PolicyRules]]));
  return { ...(rules as unknown as PolicyRules), enforce_from: enforce_from === null ? null : new Date(enforce_from) };
}
