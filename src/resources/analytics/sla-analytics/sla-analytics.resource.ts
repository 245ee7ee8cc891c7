import type { Resource } from '../../../kit/crud/define-resource.js';
import { SlaAnalyticsController } from './sla-analytics.controller.js';
import { SlaAnalytics } from './sla-analytics.service.js';

export const slaAnalytics: Resource = {
  entities: [],
  controllers: [SlaAnalyticsController],
  providers: [SlaAnalytics],
};
