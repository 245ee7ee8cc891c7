import { defineExamples } from '../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../core/wire/example-ids.js';

const TOKENS = { prefix: 'sk_live_', min_length: 40, max_length: 72, alphabet: 'letters' };
const NAME = 'Better Auth, production';
const SUMMARY = { created: 1, exists: 0, invalid: 0 };

export const keyImportExamples = defineExamples({
  schemas: {
    AddKeyImportDto: {
      import: { name: NAME, hash: { algorithm: 'sha256' }, tokens: TOKENS },
      keys: [
        {
          name: 'Booking website',
          hash: 'k1bJ0Pz9Xv3mQw7TyLr2Ns8Hd4Ga6Fc5Ue0Io1Zx3Bk',
          scopes: ['contacts:read'],
          created_at: '2025-11-03T09:12:44.000Z',
          start: 'sk_live_fQ2z',
        },
      ],
    },
    ImportSetDto: { name: NAME },
    HashFormatDto: { algorithm: 'sha256', hashed: 'token' },
    PepperDto: { value: 'd2c1…', use: 'hmac', encoding: 'utf8' },
    LookupPartDto: { separator: '.' },
    TokenPatternDto: TOKENS,
    TokenPatternView: TOKENS,
    ImportedKeyDto: {
      name: 'Booking website',
      hash: 'k1bJ0Pz9Xv3mQw7TyLr2Ns8Hd4Ga6Fc5Ue0Io1Zx3Bk',
      scopes: ['contacts:read'],
    },
    ImportedKeyResult: { index: 0, status: 'created', id: IDS.apiKey, error: null },
    ImportSummary: SUMMARY,
    ImportedBatch: { import_id: IDS.keyImport, summary: SUMMARY },
    KeyImportView: {
      id: IDS.keyImport,
      name: NAME,
      algorithm: 'sha256',
      has_pepper: false,
      total: 1200,
      used: 996,
      used_percent: 83,
      last_batch_at: '2026-03-09T14:05:00.000Z',
      last_batch: { created: 200, exists: 0, invalid: 0 },
    },
  },
});
