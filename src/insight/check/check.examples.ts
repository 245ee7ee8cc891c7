import { defineExamples } from '../../core/wire/examples.js';

const pass = (guard: string, message: string) => ({ guard, result: 'pass', reason: null, message });

const MISSING = 'This API key does not have the required scope: "contacts:write".';
const ROUTE = { method: 'POST', path: '/contacts', service: null };
const SCOPE = { guard: 'scope', result: 'refuse', reason: 'scope_missing', message: MISSING };
const MEND = {
  action: 'grant_scope',
  value: 'contacts:write',
  role: 'Admin',
  message: 'Grant "contacts:write" to the key.',
};

export const checkExamples = defineExamples({
  schemas: {
    CheckRequestDto: { method: 'POST', path: '/contacts', ip: '203.0.113.24' },
    CheckView: {
      allowed: false,
      at: '2026-03-09T14:05:00.000Z',
      status: 403,
      message: MISSING,
      route: ROUTE,
      guards: [
        pass('authentication', 'The key works until 2027-03-02T00:00:00.000Z.'),
        pass('network', '203.0.113.24 is an allowed address.'),
        pass('partner_active', 'The partner is active.'),
        pass('rate_limit', '598 of 600 requests are left in this minute (key-min).'),
        SCOPE,
      ],
      mends: [MEND],
    },
  },
});
