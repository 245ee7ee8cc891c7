import { defineExamples } from '../../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../../core/wire/example-ids.js';

const BASE = { name: 'Cruise handbook', description: 'What guests ask before and after a cruise.' };

export const knowledgeBaseExamples = defineExamples({
  schemas: {
    KnowledgeBase: { id: IDS.knowledgeBase, ...BASE },
    CreateKnowledgeBaseDto: BASE,
    UpdateKnowledgeBaseDto: { description: 'What guests ask before, during and after a cruise.' },
    AddDocumentDto: {
      title: 'Refunds',
      content: 'A cancelled cruise is refunded in full. The money arrives within five working days.',
    },
    KnowledgeDocument: {
      id: IDS.knowledgeDocument,
      knowledge_base_id: IDS.knowledgeBase,
      title: 'Refunds',
      media_type: 'text/plain',
      bytes: 84,
      status: 'ready',
      error: null,
    },
    FoundPassage: {
      document_id: IDS.knowledgeDocument,
      text: 'A cancelled cruise is refunded in full.',
      score: 0.82,
    },
  },
  paths: {
    '/knowledge-bases/{id}': IDS.knowledgeBase,
    '/knowledge-bases/{id}/documents/{document_id}': IDS.knowledgeDocument,
  },
  operations: {
    'knowledgeDocuments.add': { form: { file: 'refunds.pdf', title: 'Refunds' } },
    'knowledgeBases.search': { query: { query: 'refund of a cancelled cruise', limit: 5 } },
  },
});
