import { METHODS } from 'node:http';
import type { ExecutionContext } from '@nestjs/common';
import { expect, test } from 'vitest';
import { OwnOrigin } from '../network/own-origin.js';
import { NetworkRules } from '../decision/network-rules.js';
import { Principal } from '../principal/principal.js';
import { NetworkGuard } from './network.guard.js';

const guard = new NetworkGuard(new NetworkRules(new OwnOrigin(['https://gatehouse.example'])));
const principal = new Principal({
  audience: 'user',
  id: 'session',
  name: 'Jane',
  orgId: 'org',
  partnerActive: true,
  scopes: null,
  allowedOrigins: [],
  expiresAtMs: Infinity,
  windows: [],
});

function passes(method: string, headers: Readonly<Record<string, string>> = {}): boolean {
  return guard.canActivate({ getArgByIndex: () => ({ method, headers, principal }) } as unknown as ExecutionContext);
}

test.each(METHODS.filter((method) => !['GET', 'HEAD', 'OPTIONS'].includes(method)))(
  '%s with a session needs the header that no foreign page can send',
  (method) => {
    expect(() => passes(method)).toThrow('State-changing requests must carry the header');
    expect(passes(method, { 'x-requested-with': 'gatehouse' })).toBe(true);
  },
);

test.each(['GET', 'HEAD', 'OPTIONS'])('%s with a session needs no header', (method) => {
  expect(passes(method)).toBe(true);
});
