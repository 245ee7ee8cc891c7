import { invalidRequest } from '../../core/errors/invalid-request.js';
import { quoteInput } from '../../core/errors/quote-input.js';
import { type CatalogueEntry, SCOPE_CATALOGUE, type ScopedAudience, type ScopeOf } from './scope-catalogue.js';

/** Bounds the length of the error message. */
const REQUESTED_SCOPES_MAX = 200;

const SCOPES: { readonly [Audience in ScopedAudience]: readonly ScopeOf<Audience>[] } = {
  org: allScopes('org'),
  agent: allScopes('agent'),
};

/** Every scope of one audience, in catalogue order. */
export function scopesOf<Audience extends ScopedAudience>(audience: Audience): readonly ScopeOf<Audience>[] {
  return SCOPES[audience];
}

/**
 * Validates the scopes of a new or edited key (S0, S2, S3). An empty list is refused, because it must never mean full
 * access.
 * @param catalogue the entries that are on, of any audience
 * @returns the scopes in catalogue order, or one sentence for each unknown, unavailable or duplicate scope, in the order
 *   of the request
 */
export function validateScopes(
  audience: ScopedAudience,
  requested: readonly string[],
  catalogue: readonly CatalogueEntry[],
): { scopes: string[] } | { problems: string[] } {
  if (requested.length === 0) return { problems: ['At least one scope is required.'] };
  if (requested.length > REQUESTED_SCOPES_MAX) {
    return { problems: [`At most ${REQUESTED_SCOPES_MAX} scopes can be listed.`] };
  }
  const entries = catalogue.filter((entry) => entry.audience === audience);
  const available = new Set(scopesIn(entries));
  const wanted = new Set(requested);
  const problems = [...wanted].flatMap((scope) => {
    if (!available.has(scope)) return [describeMissing(audience, scope, entries)];
    return requested.indexOf(scope) === requested.lastIndexOf(scope) ? [] : [`Duplicate scope ${quoteInput(scope)}.`];
  });
  return problems.length > 0 ? { problems } : { scopes: [...available].filter((scope) => wanted.has(scope)) };
}

/** @throws AppError invalid_request (400) naming each invalid scope */
export function scopesOrThrow(
  requested: readonly string[],
  audience: ScopedAudience,
  catalogue: readonly CatalogueEntry[],
): string[] {
  const result = validateScopes(audience, requested, catalogue);
  if ('problems' in result) throw invalidRequest(result.problems.map((message) => ({ field: 'scopes', message })));
  return result.scopes;
}

/** @param granted the scopes of the key; null: full access, which passes every check of its audience (S0) */
export function isGranted(granted: ReadonlySet<string> | null, scope: string): boolean {
  return granted === null || granted.has(scope);
}

function allScopes<Audience extends ScopedAudience>(audience: Audience): ScopeOf<Audience>[] {
  // The compiler can't follow the filter; the type is derived from the same entries.
  return scopesIn(SCOPE_CATALOGUE.filter((entry) => entry.audience === audience)) as ScopeOf<Audience>[];
}

/** The scopes of the entries, in their order. */
export function scopesIn(entries: readonly CatalogueEntry[]): string[] {
  return entries.flatMap(({ resource, actions }) => actions.map((action) => `${resource}:${action}`));
}

/** For a known resource, names its actions; else the scope is unknown. */
function describeMissing(audience: ScopedAudience, scope: string, entries: readonly CatalogueEntry[]): string {
  const [resource] = scope.split(':', 1);
  const entry = entries.find((known) => known.resource === resource);
  if (!entry || !scope.includes(':')) return `Unknown scope ${quoteInput(scope)} for an ${audience} key.`;
  const has = new Intl.ListFormat('en').format(entry.actions);
  return `Scope ${quoteInput(scope)} is not available: ${entry.resource} has ${has} only.`;
}
