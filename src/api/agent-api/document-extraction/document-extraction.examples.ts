import { defineExamples, type ExampleFields } from '../../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../../core/wire/example-ids.js';

const OK = { success: true, message: 'OK' };
const WANTED: readonly ExampleFields[] = [
  { key: 'invoice_number', type: 'string', label: 'Invoice number', required: true },
  { key: 'total', type: 'number', description: 'With tax.' },
];

export const documentExtractionExamples = defineExamples({
  schemas: {
    QueuedExtraction: { id: IDS.extraction, status: 'queued' },
    DocumentExtraction: {
      id: IDS.extraction,
      status: 'completed',
      fields: {
        invoice_number: { value: 'HT-2026-0144', confidence: 0.97 },
        total: { value: 1284.5, confidence: 0.93 },
      },
      error: null,
      completed_at: '2026-03-02T09:30:08.512Z',
    },
  },
  paths: {
    '/v1/open/document-extraction/chatbots/{agent_id}': IDS.keyAgent,
    '/v1/open/document-extraction/{id}': IDS.extraction,
    '/v1/open/document-extraction/{id}/chatbots/{agent_id}': IDS.keyAgent,
  },
  operations: {
    'documentExtraction.create': { form: { file: 'invoice.pdf', schema: WANTED }, response: OK },
    'documentExtraction.read': { response: OK },
    'documentExtraction.list': {
      query: { status: 'completed' },
      response: { ...OK, pagination: { page: 1, limit: 20, total: 1, total_pages: 1 } },
    },
  },
});
