import { defineCrud } from '../../../kit/crud/define-crud.js';
import { AutopilotTopic } from './autopilot-topic.entity.js';

export const kit = defineCrud({
  path: 'autopilot/topics',
  scope: 'autopilot',
  entity: AutopilotTopic,
  label: 'Topic',
  audited: { type: 'autopilot_topic', calledBy: ['topic'] },
  offers: ['list', 'create', 'delete'],
  unique: { autopilot_topics_org_topic: 'text' },
});
