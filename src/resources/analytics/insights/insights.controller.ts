import { Body, Controller, Post } from '@nestjs/common';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { Answers } from '../../../core/wire/answers.js';
import { ArchiveInsightDto, AssignInsightDto } from './insight.dto.js';
import { kit } from './insights.definition.js';
import { Insights } from './insights.service.js';
import { Id } from '../../../kit/crud/id.js';

@Controller('insights')
export class InsightsController extends kit.Controller {
  constructor(override readonly service: Insights) {
    super(service);
  }

  @Post(':id/resolve')
  @RequireScope('insights', 'write')
  @Answers(200, kit.Row, 'Resolve an insight')
  resolve(@CurrentPrincipal() principal: Principal, @Id() id: string) {
    return this.service.resolve(principal, id);
  }

  @Post(':id/unresolve')
  @RequireScope('insights', 'write')
  @Answers(200, kit.Row, 'Take an insight back to unresolved')
  unresolve(@CurrentPrincipal() principal: Principal, @Id() id: string) {
    return this.service.unresolve(principal, id);
  }

  @Post(':id/archive')
  @RequireScope('insights', 'write')
  @Answers(200, kit.Row, 'Archive an insight')
  archive(@CurrentPrincipal() principal: Principal, @Id() id: string, @Body() { reason }: ArchiveInsightDto) {
    return this.service.archive(principal, id, reason);
  }

  @Post(':id/assign')
  @RequireScope('insights', 'write')
  @Answers(200, kit.Row, 'Give an insight to a team')
  assign(@CurrentPrincipal() principal: Principal, @Id() id: string, @Body() { team_id }: AssignInsightDto) {
    return this.service.assign(principal, id, team_id);
  }
}
