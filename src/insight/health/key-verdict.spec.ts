import { describe, expect, it, test } from 'vitest';
import type { RefusalReason } from '../../access/errors/refusal-reasons.js';
import { SUSPENSION_REASONS } from '../../tenancy/api-keys/api-key.entity.js';
import { describedFindings } from './described-findings.js';
import { percent } from './health-words.js';
import type { KeyFacts } from './key-facts.js';
import { KEY_FINDINGS } from './key-findings.js';
import { verdictOf } from './key-verdict.js';

const FACTS: KeyFacts = {
  state: 'active',
  findings: [],
  created_at: '2026-01-05T10:00:00.000Z',
  expires_at: null,
  suspended_at: null,
  suspension_reason: null,
  revoked_at: null,
  last_used_at: '2026-03-09T14:00:00.000Z',
  requests: 1_204,
  denied: 0,
  denied_by: [],
  limit_per_minute: 1_000,
  limit_per_hour: 10_000,
  busiest_hour: 9_400,
  scopes_count: 12,
  unused_scopes: 9,
  old_credential: null,
  exposed_at: null,
  partner_id: null,
};
const denied = (requests: number, ...reasons: [RefusalReason, number][]): KeyFacts => ({
  ...FACTS,
  requests,
  denied: reasons.reduce((sum, [, count]) => sum + count, 0),
  denied_by: reasons.map(([reason, count]) => ({ reason, requests: count })),
});

describe('the verdict', () => {
  it.each([
    [FACTS, 'Healthy: all 1,204 requests allowed.'],
    [{ ...FACTS, requests: 1 }, 'Healthy: the only request was allowed.'],
    [denied(100, ['rate_limited', 2]), 'Healthy: 98% allowed; 2% denied, all rate limit.'],
    [denied(100, ['rate_limited', 3], ['scope_missing', 1]), 'Healthy: 96% allowed; 4% denied, mostly rate limit.'],
    // No reason has more than half.
    [denied(100, ['rate_limited', 2], ['scope_missing', 2]), 'Healthy: 96% allowed; 4% denied.'],
    [denied(10_000, ['scope_missing', 1]), 'Healthy: more than 99% allowed; less than 1% denied, all missing scope.'],
  ])('names the shares and the reason of most denied requests (%#)', (facts, message) => {
    expect(verdictOf(facts)).toEqual({ state: 'healthy', message });
  });

  it('asks for attention with a warning, not with a notice', () => {
    expect(verdictOf({ ...FACTS, findings: ['expiring'] }).state).toBe('attention');
    expect(verdictOf({ ...FACTS, findings: ['full_access', 'never_expires'] }).state).toBe('healthy');
  });

  it('says when an unused key was last used', () => {
    const unused = { ...FACTS, requests: 0 };
    expect(verdictOf(unused).message).toBe('No requests in the last 7 days. Last used on March 9, 2026.');
    expect(verdictOf({ ...unused, last_used_at: null })).toEqual({ state: 'unused', message: 'Never used.' });
  });

  it('says when a key ended', () => {
    const expired: KeyFacts = { ...FACTS, state: 'expired', expires_at: '2026-03-01T00:00:00.000Z' };
    expect(verdictOf(expired)).toEqual({ state: 'ended', message: 'Expired on March 1, 2026.' });
  });

  it('says when and why a key was suspended, and that it is still called', () => {
    const suspended: KeyFacts = { ...FACTS, state: 'suspended', suspended_at: '2026-03-08T09:00:00.000Z' };
    const messages = SUSPENSION_REASONS.map((suspension_reason) => verdictOf({ ...suspended, suspension_reason }));
    expect(messages).toEqual([
      { state: 'suspended', message: 'Suspended on March 8, 2026.' },
      { state: 'suspended', message: 'Suspended on March 8, 2026, because it was idle.' },
      { state: 'suspended', message: 'Suspended on March 8, 2026, because it was found in public.' },
    ]);
    const called = verdictOf({ ...suspended, suspension_reason: 'requested', requests: 12, denied: 12 });
    expect(called.message).toBe(
      'Suspended on March 8, 2026. It is still called: 12 requests denied in the last 7 days.',
    );
  });
});

describe('the findings in words', () => {
  it('has a sentence for each', () => {
    const facts: KeyFacts = {
      ...denied(1_000, ['scope_missing', 600]),
      findings: KEY_FINDINGS,
      expires_at: '2026-03-20T00:00:00.000Z',
      exposed_at: '2026-03-07T00:00:00.000Z',
      old_credential: {
        rotated_at: '2026-03-08T00:00:00.000Z',
        retires_at: '2026-03-10T00:00:00.000Z',
        last_used_at: '2026-03-09T00:00:00.000Z',
      },
    };
    expect(describedFindings(facts).map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'exposed: A credential of it was found in public on March 7, 2026, and still works. Rotate the key.',
      'mostly_denied: In the last 7 days, 600 requests were denied and 400 requests allowed. The most frequent reason: missing scope.',
      'near_limit: In the busiest hour of the last 7 days it used 94% of its limit of 10,000 requests an hour.',
      'old_credential_in_use: The credential that was replaced was still used on March 9, 2026. It stops working on March 10, 2026.',
      'expiring: It expires on March 20, 2026.',
      'wider_than_used: It has not used 9 of its 12 scopes since uses of scopes are counted.',
      'full_access: It has full access. With scopes, a leaked key could do less.',
      'never_used: It has made no requests yet.',
      'idle_90: It has made no requests since March 9, 2026.',
      'never_expires: It has no expiry date.',
    ]);
  });

  it('counts denied requests where there are any', () => {
    const facts = { ...denied(100, ['rate_limited', 1], ['credential_replaced', 2]), old_credential: null };
    const messages = describedFindings({ ...facts, findings: ['near_limit', 'old_credential_in_use'] });
    expect(messages.map(({ message }) => message)).toEqual([
      '1 request denied by a rate limit in the last 7 days.',
      'A caller still uses a credential that was replaced: 2 requests denied in the last 7 days.',
    ]);
  });
});

test('only nothing is 0%, and only everything is 100%', () => {
  expect([0, 0.001, 0.5, 0.999, 1].map(percent)).toEqual(['0%', 'less than 1%', '50%', 'more than 99%', '100%']);
});
