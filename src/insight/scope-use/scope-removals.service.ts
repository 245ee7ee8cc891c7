import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { scopesIn, scopesOrThrow } from '../../access/scopes/scopes.js';
import { invalidField } from '../../core/errors/invalid-request.js';
import { quoteInput } from '../../core/errors/quote-input.js';
import type { Actor } from '../../kit/audit/actor.js';
import { Changes } from '../../kit/audit/changes.js';
import { Usage } from '../../kit/usage/usage.service.js';
import { ApiKey } from '../../tenancy/api-keys/api-key.entity.js';
import { assertNotEnded, lockKeyOrThrow, recordKey } from '../../tenancy/api-keys/key-rows.js';
import { audienceOf } from '../../tenancy/api-keys/validate-key.js';
import { KeyPolicies } from '../../tenancy/key-policies/key-policies.service.js';
import { GrantableScopes } from '../../tenancy/services/grantable-scopes.js';
import { REMOVED, RESTORED, undoableOf } from './scope-changes.js';
import { SCOPE_FACTS, type ScopeFacts } from './scope-facts.js';
import { scopeUseErrors } from './scope-use.errors.js';

/** Removes scopes that a key doesn't use, and restores them. Once a method returns, the change holds in every process. */
@Injectable()
export class ScopeRemovals {
  constructor(
    private readonly changes: Changes,
    private readonly usages: Usage,
    private readonly scopes: GrantableScopes,
    private readonly policies: KeyPolicies,
  ) {}

  /**
   * Uses that another process counted in the last second may be missed; the caller can restore the scopes.
   * @throws AppError not_found (404), invalid_request (400), key_inactive, scope_in_use (409)
   */
  async remove(actor: Actor, orgId: string, keyId: string, unwanted: readonly string[]): Promise<void> {
    await this.usages.flush();
    await this.changes.change(actor, async (manager, record) => {
      const key = await lockKeyOrThrow(manager, { orgId }, keyId);
      assertNotEnded(key);
      const after = scopesWithout(key, unwanted);
      const { uses } = await factsOf(manager, orgId, key);
      const used = uses.find(({ scope }) => unwanted.includes(scope));
      if (used !== undefined) throw scopeUseErrors.scope_in_use({ scope: used.scope, at: used.last_used_at });
      await manager.update(ApiKey, { id: key.id }, { scopes: after });
      recordKey(record, REMOVED, key, { scopes: { before: key.scopes, after } });
    });
  }

  /**
   * Grants again what was removed in the last 24 hours.
   * @throws AppError not_found (404), key_inactive, nothing_to_restore (409), invalid_request (400) if a policy forbids it
   */
  async restore(actor: Actor, orgId: string, keyId: string): Promise<void> {
    await this.changes.change(actor, async (manager, record) => {
      const key = await lockKeyOrThrow(manager, { orgId }, keyId);
      assertNotEnded(key);
      const audience = audienceOf(key);
      const entries = await this.scopes.entries(manager);
      const offered = new Set(scopesIn(entries.filter((entry) => entry.audience === audience)));
      const { changes } = await factsOf(manager, orgId, key);
      const undoable = undoableOf(changes, key.scopes, (scope) => offered.has(scope));
      if (undoable === undefined) throw scopeUseErrors.nothing_to_restore();
      await this.scopes.hold(manager, audience, undoable.removed);
      const after = scopesOrThrow([...key.scopes!, ...undoable.removed], audience, entries);
      await (await this.policies.hold(manager, orgId)).assertChange(key, { scopes: after });
      await manager.update(ApiKey, { id: key.id }, { scopes: after });
      recordKey(record, RESTORED, key, { scopes: { before: key.scopes, after } });
    });
  }
}

async function factsOf(manager: EntityManager, orgId: string, { id }: ApiKey): Promise<ScopeFacts> {
  const [facts] = await manager.query<ScopeFacts[]>(SCOPE_FACTS, [orgId, id]);
  return facts!;
}

/** @throws AppError invalid_request (400) */
function scopesWithout({ scopes }: ApiKey, unwanted: readonly string[]): string[] {
  if (unwanted.length === 0) throw invalidField('scopes', 'scopes must list at least one scope');
  if (scopes === null) throw invalidField('scopes', 'scopes cannot be removed from a key without a list of scopes');
  const foreign = unwanted.find((scope) => !scopes.includes(scope));
  if (foreign !== undefined) throw invalidField('scopes', `${quoteInput(foreign)} is not a scope of this key`);
  const rest = scopes.filter((scope) => !unwanted.includes(scope));
  if (rest.length === 0)
    throw invalidField('scopes', 'scopes must leave at least one scope; to stop the key, revoke it');
  return rest;
}
