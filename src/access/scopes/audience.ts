/** The kind of caller of a route. A valid credential of another audience gets 401, not 403. */
export const AUDIENCES = [
  'operator',
  'partner',
  'org',
  'agent',
  'event',
  'service',
  'user',
  'any-key',
  'scoped-key',
  'public-or-org',
  'public',
] as const;
export type Audience = (typeof AUDIENCES)[number];

/** The audiences that a credential can belong to. */
export type PrincipalAudience = Exclude<Audience, 'any-key' | 'scoped-key' | 'public-or-org' | 'public'>;

/** Whether a principal of audience `held` may call a route of audience `wanted`. */
export function admits(wanted: Audience, held: PrincipalAudience | 'public'): boolean {
  return (
    wanted === held ||
    (wanted === 'scoped-key' && (held === 'org' || held === 'agent')) ||
    (wanted === 'any-key' && (held === 'org' || held === 'agent' || held === 'event')) ||
    (wanted === 'public-or-org' && held === 'org')
  );
}
