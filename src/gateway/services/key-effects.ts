import type { KeyGroup } from '../../tenancy/api-keys/scope-holders.js';
import type { DeclarationChanges } from '../declaration/declaration-changes.js';
import type { ServiceDeclaration } from '../declaration/service-declaration.js';

/** How many active keys a change lets pass that didn't pass, and the reverse. */
export interface KeyEffect {
  readonly gain: number;
  readonly lose: number;
}

/** What a route needs, and whether old full access passes it. */
interface Rule {
  readonly needs: string;
  readonly fullAccess: ServiceDeclaration['full_access'];
}

const NO_EFFECT: KeyEffect = { gain: 0, lose: 0 };

/** The scopes that the numbers depend on. */
export function scopesOfNeeds({ routes }: DeclarationChanges): string[] {
  const needs = routes.changed.flatMap(({ before, after }) => [before.needs, after.needs]);
  return [...new Set(needs.filter((need) => need.includes(':')))];
}

/** The effects of a change on keys, computed from groups of equal keys. */
export class KeyEffects {
  readonly #known = new Map<string, KeyEffect>();

  /** @param before undefined: the service is new */
  constructor(
    private readonly groups: readonly KeyGroup[],
    private readonly before: ServiceDeclaration | undefined,
    private readonly after: ServiceDeclaration,
  ) {}

  /** Of a route that needed one thing and needs another. */
  ofNeeds(before: string, after: string): KeyEffect {
    const pair = `${before} ${after}`;
    const known = this.#known.get(pair);
    if (known) return known;
    const effect = this.#between(
      { needs: before, fullAccess: this.before?.full_access ?? 'existing' },
      { needs: after, fullAccess: this.after.full_access },
    );
    this.#known.set(pair, effect);
    return effect;
  }

  /** Of `full_access`, on keys with full access from before the service existed. */
  ofFullAccess(): KeyEffect {
    const was = this.before?.full_access ?? 'existing';
    const is = this.after.full_access;
    if (was === is) return NO_EFFECT;
    const older = this.groups.filter(({ hasFullAccess, coversService }) => hasFullAccess && !coversService);
    const keys = older.reduce((sum, group) => sum + group.keys, 0);
    return is === 'all' ? { gain: keys, lose: 0 } : { gain: 0, lose: keys };
  }

  #between(before: Rule, after: Rule): KeyEffect {
    let [gain, lose] = [0, 0];
    for (const group of this.groups) {
      const [passed, passes] = [isPassed(before, group), isPassed(after, group)];
      if (passes && !passed) gain += group.keys;
      if (passed && !passes) lose += group.keys;
    }
    return { gain, lose };
  }
}

function isPassed({ needs, fullAccess }: Rule, group: KeyGroup): boolean {
  if (!needs.includes(':')) return true;
  if (group.hasFullAccess) return fullAccess === 'all' || group.coversService;
  return group.scopes.includes(needs);
}
