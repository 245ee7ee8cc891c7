import { defineCrud } from '../../../kit/crud/define-crud.js';
import { KnowledgeBase } from './knowledge-base.entity.js';

export const kit = defineCrud({
  path: 'knowledge-bases',
  scope: 'knowledge_base',
  entity: KnowledgeBase,
  label: 'Knowledge base',
  audited: { type: 'knowledge_base' },
  users: { agents_knowledge_base_fk: 'an agent' },
});
