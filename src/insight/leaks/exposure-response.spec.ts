import { expect, it } from 'vitest';
import { ON_EXPOSED } from '../../tenancy/orgs/org.entity.js';
import { responseTo } from './exposure-response.js';

type Exposed = Parameters<typeof responseTo>[0];

const PAST = new Date(Date.now() - 1_000);
const FUTURE = new Date(Date.now() + 60_000);
const LIVE: Exposed = {
  key: { type: 'standard', expires_at: null, revoked_at: null, suspended_at: null },
  credential: { rotated_at: null, retires_at: null, ended_at: null },
  org: { archived_at: null, on_exposed: 'suspend' },
  reportedBy: 'github',
};
const ofOrg = (on_exposed: (typeof ON_EXPOSED)[number]) => ({ archived_at: null, on_exposed });

it.each([
  ['revoke', 'revoked'],
  ['suspend', 'suspended'],
  ['tell', 'told'],
] as const)('GitHub finds a live key: an org that chose %s gets it %s', (choice, action) => {
  expect(responseTo({ ...LIVE, org: ofOrg(choice) })).toBe(action);
});

it.each(ON_EXPOSED)('the holder of a live key gets it revoked, also where the org chose %s', (choice) => {
  expect(responseTo({ ...LIVE, org: ofOrg(choice), reportedBy: 'holder' })).toBe('revoked');
});

it('a credential that was replaced and still works ends, and the key goes on', () => {
  const credential = { rotated_at: PAST, retires_at: FUTURE, ended_at: null };
  expect(responseTo({ ...LIVE, credential })).toBe('credential_ended');
  expect(responseTo({ ...LIVE, credential, org: ofOrg('revoke') })).toBe('credential_ended');
  expect(responseTo({ ...LIVE, credential, reportedBy: 'holder' })).toBe('credential_ended');
  expect(responseTo({ ...LIVE, credential, org: ofOrg('tell') })).toBe('told');
});

it('a suspended key stays as it is, unless it is to be revoked', () => {
  const key = { ...LIVE.key, suspended_at: PAST };
  expect(responseTo({ ...LIVE, key })).toBe('told');
  expect(responseTo({ ...LIVE, key, org: ofOrg('revoke') })).toBe('revoked');
  expect(responseTo({ ...LIVE, key, reportedBy: 'holder' })).toBe('revoked');
});

it.each<[string, Partial<Exposed>]>([
  ['a key of a partner, a service or the operator', { org: null }],
  ['a key that browsers show to everyone', { key: { ...LIVE.key, type: 'client' } }],
  ['a revoked key', { key: { ...LIVE.key, revoked_at: PAST } }],
  ['an expired key', { key: { ...LIVE.key, expires_at: PAST } }],
  ['a credential that ended', { credential: { rotated_at: PAST, retires_at: PAST, ended_at: PAST } }],
  ['a credential whose grace is over', { credential: { rotated_at: PAST, retires_at: PAST, ended_at: null } }],
  ['an archived org', { org: { archived_at: PAST, on_exposed: 'revoke' } }],
])('%s is only told about, by any reporter', (_, differs) => {
  expect(responseTo({ ...LIVE, ...differs })).toBe('told');
  expect(responseTo({ ...LIVE, ...differs, reportedBy: 'holder' })).toBe('told');
});
