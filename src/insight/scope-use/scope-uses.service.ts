import { Injectable } from '@nestjs/common';
import { Database } from '../../core/database/database.js';
import { notFound } from '../../core/errors/core-errors.js';
import type { Wire } from '../../core/wire/wire-json.js';
import { Usage } from '../../kit/usage/usage.service.js';
import { audienceOf } from '../../tenancy/api-keys/validate-key.js';
import { GrantableScopes } from '../../tenancy/services/grantable-scopes.js';
import { removableScopes } from './scope-advice.js';
import { grantedBy, type Undoable, undoableOf } from './scope-changes.js';
import { SCOPE_FACTS, type ScopeFacts } from './scope-facts.js';
import type { KeyScopeUse, ScopeUndo } from './scope-use.dto.js';

const UNDO_MS = 24 * 3_600_000;

/** Compares the scopes that keys were granted with those that they used. */
@Injectable()
export class ScopeUses {
  constructor(
    private readonly database: Database,
    private readonly usages: Usage,
    private readonly scopes: GrantableScopes,
  ) {}

  /** Counts this process's unsaved requests too. @throws AppError not_found (404) */
  async read(orgId: string, keyId: string): Promise<Wire<KeyScopeUse>> {
    await this.usages.flush();
    const { rows } = await this.database.query(SCOPE_FACTS, [orgId, keyId]);
    if (rows[0] === undefined) throw notFound('API key');
    const facts = rows[0] as unknown as ScopeFacts;
    return viewOf(facts, await this.#servicesOf(facts));
  }

  /** The scopes that the key could be granted, in the order of the catalogue, with the slugs of their services. */
  async #servicesOf(facts: ScopeFacts): Promise<Map<string, string | null>> {
    const entries = (await this.scopes.entries()).filter(({ audience }) => audience === audienceOf(facts));
    return new Map(
      entries.flatMap(({ resource, actions, service }) =>
        actions.map((action): [string, string | null] => [`${resource}:${action}`, service]),
      ),
    );
  }
}

function viewOf(facts: ScopeFacts, services: ReadonlyMap<string, string | null>): Wire<KeyScopeUse> {
  const { observed_since, observed_days, changes } = facts;
  // Typed keys have no scopes.
  const granted = facts.type === 'standard' ? (facts.scopes ?? undefined) : [];
  const uses = new Map(facts.uses.map((use) => [use.scope, use]));
  const isGranted = (scope: string) => granted?.includes(scope) ?? true;
  const recentlyGranted = grantedBy(changes);
  const removable = removableScopes({
    granted,
    used: new Set(uses.keys()),
    observedDays: observed_days,
    recentlyGranted,
  });
  const shown = [...services.keys()].filter((scope) => uses.has(scope) || granted?.includes(scope));
  return {
    access: facts.scopes === null ? 'full' : 'scoped',
    observed_since,
    observed_days,
    items: shown.map((scope) => ({
      scope,
      service: services.get(scope) ?? null,
      granted: isGranted(scope),
      uses_90_days: uses.get(scope)?.uses_90_days ?? 0,
      last_used_at: uses.get(scope)?.last_used_at ?? null,
      advice: removable.includes(scope) ? 'remove' : null,
    })),
    removable,
    sufficient: shown.filter((scope) => uses.has(scope) && isGranted(scope)),
    undo: undoViewOf(undoableOf(changes, facts.scopes, (scope) => services.has(scope))),
  };
}

function undoViewOf(undoable: Undoable | undefined): Wire<ScopeUndo> | null {
  if (undoable === undefined) return null;
  const { removed, last } = undoable;
  const until = new Date(Date.parse(last.at) + UNDO_MS).toISOString();
  return { removed: [...removed], by: last.by as Wire<ScopeUndo>['by'], at: last.at, until };
}
