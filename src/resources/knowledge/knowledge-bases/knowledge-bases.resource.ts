import { defineResource } from '../../../kit/crud/define-resource.js';
import { DocumentReading } from './document-reading.service.js';
import { KnowledgeBasesController } from './knowledge-bases.controller.js';
import { kit } from './knowledge-bases.definition.js';
import { KnowledgeBases } from './knowledge-bases.service.js';
import { KnowledgeDocument } from './knowledge-document.entity.js';
import { KnowledgeDocumentsController } from './knowledge-documents.controller.js';
import { KnowledgeDocuments } from './knowledge-documents.service.js';
import { KnowledgePassage } from './knowledge-passage.entity.js';

export const knowledgeBases = defineResource({
  ...kit.definition,
  service: KnowledgeBases,
  controller: KnowledgeBasesController,
  entities: [KnowledgeDocument, KnowledgePassage],
  controllers: [KnowledgeDocumentsController],
  providers: [KnowledgeDocuments, DocumentReading],
});
