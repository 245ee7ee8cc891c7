import type { Resource } from '../../../kit/crud/define-resource.js';
import { AnalyticsController } from './usage-analytics.controller.js';
import { UsageAnalytics } from './usage-analytics.service.js';

export const usageAnalytics: Resource = {
  entities: [],
  controllers: [AnalyticsController],
  providers: [UsageAnalytics],
};
