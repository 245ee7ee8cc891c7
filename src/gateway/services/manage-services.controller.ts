import { Controller, Get } from '@nestjs/common';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { RequireRole } from '../../access/decorators/require-role.js';
import type { Principal } from '../../access/principal/principal.js';
import { Answers } from '../../core/wire/answers.js';
import { ServiceOverview } from './service-overview.js';
import { ServiceList } from './service-view.dto.js';

/** The services that the keys of the org can call. */
@Controller('manage/v1/services')
export class ManageServicesController {
  constructor(private readonly overview: ServiceOverview) {}

  /** Not paged: an operator declares a handful. */
  @Get()
  @RequireRole('Member')
  @Answers(200, ServiceList, 'List services, and the keys that reach them')
  list(@CurrentPrincipal() { orgId }: Principal): Promise<ServiceList> {
    return this.overview.list(orgId);
  }
}
