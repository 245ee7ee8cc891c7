import type { Resource } from '../../../kit/crud/define-resource.js';
import { AnalyticsController } from './analytics.controller.js';
import { Analytics } from './analytics.service.js';

export const usageAnalytics: Resource = {
  entities: [],
  controllers: [AnalyticsController],
  providers: [Analytics],
};
