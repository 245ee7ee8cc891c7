import { defineExamples } from '../../core/wire/examples.js';

export const credentialUseExamples = defineExamples({
  schemas: {
    KeyCredentialView: {
      id: '0198c1b2-5d4e-7a10-8f3b-2c6d9e0a1b2c',
      rotated_at: null,
      retires_at: null,
      is_current: true,
    },
    LastUse: {
      at: '2026-03-09T14:04:51.006Z',
      client_address: '203.0.113.24',
      country: 'NL',
      user_agent: 'booking-website/4.2 (node)',
      route: '/contacts/{id}',
      service: null,
    },
  },
});
