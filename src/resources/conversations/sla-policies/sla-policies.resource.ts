import { defineResource } from '../../../kit/crud/define-resource.js';
import { SlaBreaches } from './sla-breaches.service.js';
import { SlaClock } from './sla-clock.entity.js';
import { SlaClocks } from './sla-clocks.service.js';
import { kit } from './sla-policies.definition.js';
import { SlaPolicies } from './sla-policies.service.js';

export const slaPolicies = defineResource({
  ...kit.definition,
  service: SlaPolicies,
  entities: [SlaClock],
  providers: [SlaClocks, SlaBreaches],
});
