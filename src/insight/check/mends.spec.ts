import { describe, expect, it } from 'vitest';
import type { StoredKey } from '../../access/ports/key-store.js';
import type { Charged } from '../../access/rate-limit/rate-limits.js';
import { type Mended, mendsOf } from './mends.js';

type Profile = StoredKey['profile'];

function keyOf(profile: Partial<Profile> = {}, key: Partial<StoredKey> = {}): StoredKey {
  return {
    audience: 'org',
    ...key,
    profile: { org_id: 'org', access: 'scoped', scopes: ['tags:read'], expires_at: null, ...profile },
  } as StoredKey;
}

const LIMITS = { ceilingPerMinute: 1_000, ceilingPerHour: 10_000 };
const mended = (key: StoredKey, more: Partial<Mended> = {}): Mended => ({
  key,
  limits: LIMITS,
  demands: { audience: 'org', scopes: ['tags:read', 'tags:write'] },
  ...more,
});
const actionsOf = (...args: Parameters<typeof mendsOf>) =>
  mendsOf(...args).map(({ action, value, role }) => [action, value, role]);

function fullWindow(name: string, limit: number, windowSeconds: number): Charged {
  const window = { name, key: `${name}:key`, tag: 'key', limit, windowSeconds };
  const standings = [{ name, remaining: 0, resetSeconds: 12 }];
  return { policy: '', value: '', windows: [window], charge: { standings, refusedBy: window }, refusal: undefined };
}

describe('a mend', () => {
  it('of a missing scope grants what the key lacks, and nothing that it has', () => {
    expect(actionsOf('scope_missing', mended(keyOf()))).toEqual([['grant_scope', 'tags:write', 'Admin']]);
  });

  it('of full access that is older than the service is a new key', () => {
    expect(actionsOf('scope_missing', mended(keyOf({ access: 'full', scopes: [] })))).toEqual([
      ['create_key', null, 'Admin'],
    ]);
  });

  it('of an address changes the key, the partner of a partner key, and makes another typed key', () => {
    const address = { address: '203.0.113.9' };
    const of = (key: StoredKey) => actionsOf('address_not_allowed', mended(key, address));
    expect(of(keyOf())).toEqual([['allow_address', '203.0.113.9', 'Admin']]);
    expect(of(keyOf({ org_id: null }, { audience: 'partner' }))).toEqual([
      ['allow_address', '203.0.113.9', 'operator'],
    ]);
    expect(of(keyOf({}, { audience: 'event' }))).toEqual([['create_key', '203.0.113.9', 'Admin']]);
  });

  it('of an origin names the domain, and none for what is no origin', () => {
    const of = (origin: string) => actionsOf('origin_not_allowed', mended(keyOf(), { origin }));
    expect(of('https://evil.example:8443')).toEqual([['create_key', 'evil.example', 'Admin']]);
    expect(of('null')).toEqual([['create_key', null, 'Admin']]);
  });

  it('of a limit raises it below the ceiling, leaves it to the operator above, and can always wait', () => {
    const of = (charged: Charged, key = keyOf()) => actionsOf('rate_limited', mended(key, { charged }));
    const wait = ['wait', '12', null];
    expect(of(fullWindow('key-min', 60, 60))).toEqual([['raise_limit', 'per_minute', 'Admin'], wait]);
    expect(of(fullWindow('key-hour', 10_000, 3_600))).toEqual([['raise_limit', 'per_hour', 'operator'], wait]);
    expect(of(fullWindow('org-min', 60, 60))).toEqual([['raise_limit', 'per_minute', 'operator'], wait]);
    const typed = keyOf({}, { audience: 'event' });
    expect(of(fullWindow('key-min', 60, 60), typed)).toEqual([['raise_limit', 'per_minute', 'operator'], wait]);
  });

  it('of an expiry extends a key that still works, and replaces one that does not', () => {
    const of = (expires_at: Date) => actionsOf('key_expired', mended(keyOf({ expires_at })));
    expect(of(new Date(Date.now() + 60_000))).toEqual([['extend_expiry', null, 'Admin']]);
    expect(of(new Date(Date.now() - 60_000))).toEqual([['create_key', null, 'Admin']]);
  });

  it('of another kind of key names the kind, and is the operator’s for keys that members do not get', () => {
    const of = (audience: Mended['demands']['audience']) =>
      actionsOf('audience_mismatch', mended(keyOf(), { demands: { audience, scopes: [] } }));
    expect(of('agent')).toEqual([['create_key', 'key_secret', 'Admin']]);
    expect(of('partner')).toEqual([['create_key', 'partner', 'operator']]);
    expect(of('user')).toEqual([]);
  });

  it('of a policy follows each broken rule once, and makes another typed key', () => {
    const broken = (rule: string, set_by: 'partner' | 'org') => ({ rule, set_by, fromMs: 0 });
    const brokenRules = [
      broken('expiry_required', 'org'),
      broken('expiry_required', 'partner'),
      broken('scope_ceiling', 'org'),
    ];
    expect(actionsOf('policy_violated', mended(keyOf({}, { brokenRules })))).toEqual([
      ['follow_policy', 'expiry_required', 'Admin'],
      ['follow_policy', 'scope_ceiling', 'Admin'],
    ]);
    const typed = keyOf({}, { audience: 'event', brokenRules: brokenRules.slice(0, 1) });
    expect(actionsOf('policy_violated', mended(typed))).toEqual([['create_key', 'expiry_required', 'Admin']]);
  });

  it('is none where no setting helps', () => {
    expect(actionsOf('partner_inactive', mended(keyOf()))).toEqual([]);
    expect(actionsOf('no_route', mended(keyOf()))).toEqual([]);
  });
});
