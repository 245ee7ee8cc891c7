import { defineExamples } from '../../core/wire/examples.js';

export const leakExamples = defineExamples({
  schemas: {
    KeyExposureView: {
      id: '0198c1b2-6e5f-7b21-9a4c-3d7eaf1b2c3d',
      credential_id: '0198c1b2-5d4e-7a10-8f3b-2c6d9e0a1b2c',
      reported_by: 'github',
      url: 'https://github.com/harbour-tours/website/blob/3f1c2ab/config/settings.py',
      found_in: 'commit',
      action: 'suspended',
      created_at: '2026-03-09T14:04:51.006Z',
    },
    ReportCredentialsDto: { credentials: ['ocx_live_4fQ2zW8nXbT6yLc0RkVg9HsJd1MaPe5UoIt7CqEwZrB3x7Qa'] },
    AcceptedRevocation: { message: 'Credentials of this server among these are being revoked.' },
  },
});
