import { expect, it } from 'vitest';
import { loadConfig } from '../../core/config/config.js';
import { routeWindows } from '../decision/route-windows.js';
import type { StoredKey } from '../ports/key-store.js';
import type { UsageMeter } from '../ports/usage-meter.js';
import type { Principal } from '../principal/principal.js';
import type { GuardedRequest } from '../principal/guarded-request.js';
import { addressWindow, ownWindows, principalOfAnybody, principalOfKey } from './resolve-principal.js';

const { limits } = loadConfig({});
const meter = { counterOf: () => undefined } as unknown as UsageMeter;
const request = {} as GuardedRequest;

function keyOf(audience: StoredKey['audience'], partnerId: string | null): Principal {
  const profile = { id: 'key', org_id: 'org', scopes: [], allowed_origins: [] };
  const key = {
    audience,
    partnerId,
    profile,
    brokenRules: [],
    allowedIps: [],
    expiresAtMs: Infinity,
    rotatedAtMs: null,
  };
  return principalOfKey(key as unknown as StoredKey, limits, meter);
}

it.each([
  ['a key of a partner’s org', 'partner', routeWindows(keyOf('org', 'partner'), {}, request, limits)],
  ['a key of an agent', 'partner', routeWindows(keyOf('agent', 'partner'), {}, request, limits)],
  ['a key of an org without a partner', 'org', routeWindows(keyOf('org', null), {}, request, limits)],
  ['a partner’s key', 'partner', routeWindows(keyOf('partner', 'partner'), {}, request, limits)],
  [
    'a partner’s key that makes login links',
    'partner',
    routeWindows(keyOf('partner', 'partner'), { alsoCharge: 'login-links-min' }, request, limits),
  ],
  [
    'a partner’s key that makes orgs',
    'partner',
    routeWindows(keyOf('partner', 'partner'), { alsoCharge: 'org-create-min' }, request, limits),
  ],
  ['an operator’s key', 'key', routeWindows(keyOf('operator', null), {}, request, limits)],
  [
    'a public webhook',
    'org',
    principalOfAnybody({ orgId: 'org', partnerActive: true } as never, 'token', 'network', limits).windows,
  ],
  ['a client address', 'network', [addressWindow('help-center-min', 'network', limits)]],
  ['the health of a key', 'partner', ownWindows('key', 'partner', 1, 1)],
])('all windows of %s have one tag, so that one script charges them', (_what, tag, windows) => {
  expect(windows.length).toBeGreaterThan(0);
  expect([...new Set(windows.map((window) => window.tag))]).toEqual([tag]);
});
