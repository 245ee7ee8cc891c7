import { describe, expect, it, vi } from 'vitest';
import { accessErrors } from '../errors/access.errors.js';
import { AuthenticationFailure } from '../credentials/authentication-failure.js';
import { unauthorized } from '../credentials/unauthorized.js';
import { REFUSAL_REASONS, reasonMessage } from '../errors/refusal-reasons.js';
import { coreErrors } from '../../core/errors/core-errors.js';
import { defineErrors } from '../../core/errors/define-errors.js';
import type { UsageCounter } from '../principal/usage-counter.js';
import { Principal } from '../principal/principal.js';
import { Refusals } from './refusals.js';

const CREDENTIAL = { keyId: 'key', credentialId: 'credential', orgId: 'org' };
const gateway = defineErrors({ no_route: { status: 403, message: 'No route matches {path}.', isRefusal: true } });

function counter() {
  return { countRequest: vi.fn(), countRefusal: vi.fn(), countRejection: vi.fn(), countScope: vi.fn() };
}

function principalWith(usage: UsageCounter): Principal {
  return new Principal({
    audience: 'org',
    id: 'key',
    name: 'Sync',
    partnerActive: true,
    scopes: null,
    allowedOrigins: [],
    expiresAtMs: Infinity,
    windows: [],
    usage,
  });
}

describe('a refusal', () => {
  it('has the reason of its error code, and the public sentence with its parameters', () => {
    const refusals = new Refusals();
    const error = accessErrors.scope_missing({ scope: 'tags:read' });
    refusals.attribute(error, 'Scope');
    expect(refusals.of(error)).toEqual({ guard: 'Scope', reason: 'scope_missing', message: error.message });
  });

  it('of a known credential names the key, which its body does not', () => {
    const failure = new AuthenticationFailure('key_revoked', CREDENTIAL);
    const error = unauthorized('org', true, failure);
    const told = {
      guard: 'Authentication',
      reason: 'key_revoked',
      message: 'The key is revoked.',
      credential: CREDENTIAL,
    };
    expect(new Refusals().of(error)).toEqual(told);
    expect(error.message).toBe('Unauthorized');
    expect(error.details.headers).toEqual(unauthorized('org', true).details.headers);
  });

  it('never has a path in its sentence', () => {
    expect(new Refusals().of(gateway.no_route({ path: '/people/jane@example.com' }))).toEqual({
      guard: 'Scope',
      reason: 'no_route',
      message: 'No route of the service matches the request.',
    });
  });

  it('is no fault and no invalid request', () => {
    const others = [coreErrors.internal(), coreErrors.database_unavailable(), coreErrors.route_not_found()];
    expect(others.map((error) => new Refusals().of(error))).toEqual(others.map(() => undefined));
  });
});

describe('the usage of a key', () => {
  it('counts a refused request by its reason', () => {
    const usage = counter();
    new Refusals().count(accessErrors.ip_undetermined(), { principal: principalWith(usage) });
    expect(usage.countRefusal.mock.calls).toEqual([['address_unknown']]);
    expect(usage.countRejection).not.toHaveBeenCalled();
  });

  it('counts a credential that no longer works apart, because its request was never counted', () => {
    const usage = counter();
    const error = unauthorized('org', true, new AuthenticationFailure('key_expired', CREDENTIAL, usage));
    new Refusals().count(error, { principal: null });
    expect(usage.countRejection.mock.calls).toEqual([[expect.any(Number), 'key_expired']]);
    expect(usage.countRefusal).not.toHaveBeenCalled();
  });
});

it('every reason has a sentence', () => {
  const parameters = { ip: '192.0.2.1', requests: '60 requests', period: 'minute', scope: 'tags:read', roles: 'Owner' };
  const sentences = REFUSAL_REASONS.map((reason) => reasonMessage(reason, parameters));
  expect(sentences.filter((sentence) => !/^[A-Z][^{}]*\.$/.test(sentence) || sentence.includes('undefined'))).toEqual(
    [],
  );
  expect(new Set(sentences).size).toBe(REFUSAL_REASONS.length);
});
