import { Controller } from '@nestjs/common';
import { SlaBreaches } from './sla-breaches.service.js';
import { SlaClock } from './sla-clock.entity.js';
import { SlaClocks } from './sla-clocks.service.js';
import { kit, SlaPolicies } from './sla-policies.service.js';
import { SlaPolicy } from './sla-policy.entity.js';

@Controller('sla/policies')
export class SlaPoliciesController extends kit.Controller {
  constructor(override readonly service: SlaPolicies) {
    super(service);
  }
}

export const slaPolicies = {
  ...kit,
  entities: [SlaPolicy, SlaClock],
  controllers: [SlaPoliciesController],
  providers: [SlaPolicies, SlaClocks, SlaBreaches],
};
