import { defineExamples } from '../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../core/wire/example-ids.js';

/** Stands for the key of a caller. */
const KEY = 'ocx_live_4fQ2zW8nXbT6yLc0RkVg9HsJd1MaPe5UoIt7CqEwZrB3x7Qa';
const LABELS = { external_id: 'website-production', tags: ['bookings', 'website'], metadata: { owner: 'web-team' } };
const CALL = { method: 'GET', path: '/bookings/20931', ip: '203.0.113.7' };

export const doorExamples = defineExamples({
  schemas: {
    VerifyRequestDto: { credential: { bearer: KEY }, ...CALL, charge: true },
    VerifyRequestsDto: {
      items: [
        { credential: { bearer: KEY }, ...CALL },
        { credential: { bearer: KEY }, scope: 'bookings:write', ip: '203.0.113.7', charge: false },
      ],
    },
    VerdictView: {
      valid: true,
      code: 'valid',
      status: 200,
      message: 'OK',
      body: null,
      headers: { 'RateLimit-Policy': '"key-min";q=600;w=60', RateLimit: '"key-min";r=599;t=60' },
      scopes: ['bookings:read'],
      request_id: 'req-48213',
    },
    VerdictKey: { id: IDS.apiKey, name: 'Booking website', kind: 'bearer', ...LABELS },
    VerdictOrg: { id: IDS.org, external_id: 'customer-4711' },
    VerdictPartner: { id: IDS.partner, name: 'Voyage Software' },
    VerdictLimit: { name: 'key-min', limit: 600, remaining: 599, reset_seconds: 60 },
    IntrospectDto: { token: KEY, token_type_hint: 'access_token', ip: '203.0.113.7' },
    IntrospectionView: {
      active: true,
      scope: 'bookings:read',
      client_id: IDS.apiKey,
      ...LABELS,
      sub: IDS.org,
      exp: 1803945600,
      iat: 1772443812,
      iss: 'https://gatehouse.example',
      aud: 'bookings',
      token_type: 'Bearer',
    },
  },
});
