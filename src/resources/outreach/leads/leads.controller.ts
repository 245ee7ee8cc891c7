import { Controller } from '@nestjs/common';
import { Lead } from './lead.entity.js';
import { kit, Leads } from './leads.service.js';

@Controller('leads')
export class LeadsController extends kit.Controller {
  constructor(override readonly service: Leads) {
    super(service);
  }
}

export const leads = { ...kit, entities: [Lead], controllers: [LeadsController], providers: [Leads] };
