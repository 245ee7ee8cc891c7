import { Controller, Get, Query } from '@nestjs/common';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { IsInstant, Optional } from '../../../core/validation/decorators.js';
import { Answers } from '../../../core/wire/answers.js';
import { OpenStatus } from './open-status.dto.js';
import { OfficeHoursStatus } from './office-hours-status.service.js';
import { Id } from '../../../kit/crud/id.js';

class StatusQuery {
  @Optional()
  @IsInstant()
  at?: string;
}

/** What office hours offer beside the generated routes. */
@Controller('office-hours')
export class OfficeHoursController {
  constructor(private readonly schedules: OfficeHoursStatus) {}

  @Get(':id/status')
  @RequireScope('office-hours', 'read')
  @Answers(200, OpenStatus, 'Ask whether a schedule is open')
  status(@CurrentPrincipal() { orgId }: Principal, @Id() id: string, @Query() { at }: StatusQuery) {
    return this.schedules.statusAt(orgId, id, at === undefined ? new Date() : new Date(at));
  }
}
