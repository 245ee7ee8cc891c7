import { defineExamples } from '../../core/wire/examples.js';

export const credentialUseExamples = defineExamples({
  schemas: {
    KeyCredentialView: {
      id: '0198c1b2-5d4e-7a10-8f3b-2c6d9e0a1b2c',
      rotated_at: null,
      retires_at: null,
      is_current: true,
      awaits_first_use: false,
    },
  },
});
