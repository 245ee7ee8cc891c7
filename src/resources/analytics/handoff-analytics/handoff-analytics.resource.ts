import type { Resource } from '../../../kit/crud/define-resource.js';
import { HandoffAnalyticsController } from './handoff-analytics.controller.js';
import { HandoffAnalytics } from './handoff-analytics.service.js';

export const handoffAnalytics: Resource = {
  entities: [],
  controllers: [HandoffAnalyticsController],
  providers: [HandoffAnalytics],
};
