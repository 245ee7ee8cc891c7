import { defineResource } from '../../../kit/crud/define-resource.js';
import { textAboutSession } from '../../../kit/redaction/redaction-rule.js';
import { InsightsController } from './insights.controller.js';
import { kit } from './insights.definition.js';
import { Insights } from './insights.service.js';

export const insights = defineResource({
  ...kit.definition,
  service: Insights,
  controller: InsightsController,
  redaction: [textAboutSession('insights', 'content', 'content_session_id')],
});
