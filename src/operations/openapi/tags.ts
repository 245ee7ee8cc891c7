import type { Audience } from '../../access/scopes/audience.js';
import type { DeclaredRoute } from '../../access/routes/declared-routes.js';
import { SCOPE_CATALOGUE } from '../../access/scopes/scope-catalogue.js';

export interface Tag {
  readonly name: string;
  readonly description: string;
}

const KEYS: Tag = { name: 'Keys', description: 'What a key can ask of itself.' };

/** Tags of routes without a scope, by audience. */
const UNSCOPED: Readonly<Record<Exclude<Audience, 'org' | 'agent' | 'public-or-org'>, Tag>> = {
  operator: { name: 'Operator API', description: 'What the operator declares services and their keys with.' },
  partner: { name: 'Partner API', description: "What a partner's backend provisions orgs, keys and sign-ins with." },
  event: { name: 'Events', description: 'What typed keys post.' },
  service: { name: 'Verification', description: 'What services ask about the credentials of their callers.' },
  user: { name: 'Dashboard', description: 'What a signed-in member sees and manages.' },
  'any-key': KEYS,
  'scoped-key': KEYS,
  public: { name: 'Server', description: 'What needs no credential.' },
};

/** Returns the tag of a route: the label of its scope's resource, or its audience if it has no scope. */
export function tagOf({ policy }: DeclaredRoute): Tag {
  const { audience, scope } = policy!;
  if (audience !== 'org' && audience !== 'agent' && audience !== 'public-or-org') return UNSCOPED[audience];
  const resource = scope!.split(':', 1)[0];
  const list = audience === 'agent' ? 'agent' : 'org';
  const { label, description } = SCOPE_CATALOGUE.find(
    (entry) => entry.audience === list && entry.resource === resource,
  )!;
  return { name: label, description };
}
