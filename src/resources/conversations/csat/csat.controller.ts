import { Body, Controller, Get, Post, Put, Query } from '@nestjs/common';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { type Caller, CurrentCaller } from '../../../kit/audit/actor.js';
import { Answers } from '../../../core/wire/answers.js';
import { nullable } from '../../../core/wire/schema.js';
import { kit } from './csat-scores.definition.js';
import { CsatScores } from './csat-scores.service.js';
import { CsatSettings } from './csat-settings.entity.js';
import { CsatSettingsStore } from './csat-settings.service.js';
import { CsatSummary, CsatSummaryQuery, PutCsatSettingsDto, SubmitScoreDto } from './csat.dto.js';
import { Id } from '../../../kit/crud/id.js';
import { createdOrUpdated } from '../../../core/wire/answer.js';

@Controller('csat/scores')
export class CsatScoresController extends kit.Controller {
  constructor(override readonly service: CsatScores) {
    super(service);
  }

  @Get('session/:session_id')
  @RequireScope('csat', 'read')
  @Answers(200, nullable(kit.Row), "Get a session's score")
  ofSession(@CurrentPrincipal() principal: Principal, @Id('session_id') id: string) {
    return this.service.ofSession(principal, id);
  }

  @Post()
  @RequireScope('csat', 'write')
  @Answers(201, kit.Row, 'Score a session', { also: { 200: kit.Row }, refusals: [404, 409] })
  async submit(@CurrentPrincipal() principal: Principal, @Body() dto: SubmitScoreDto) {
    const { score, isNew } = await this.service.submit(principal, dto);
    return createdOrUpdated(score, isNew);
  }
}

@Controller('csat')
export class CsatController {
  constructor(
    private readonly scores: CsatScores,
    private readonly settings: CsatSettingsStore,
  ) {}

  @Get('summary')
  @RequireScope('csat', 'read')
  @Answers(200, CsatSummary, 'Sum up the scores')
  summary(@CurrentPrincipal() principal: Principal, @Query() query: CsatSummaryQuery) {
    return this.scores.summary(principal, query);
  }

  @Get('settings')
  @RequireScope('csat', 'read')
  @Answers(200, CsatSettings, 'Get the survey settings')
  readSettings(@CurrentPrincipal() principal: Principal): Promise<PutCsatSettingsDto> {
    return this.settings.read(principal);
  }

  @Put('settings')
  @RequireScope('csat', 'write')
  @Answers(200, CsatSettings, 'Replace the survey settings')
  replaceSettings(@CurrentCaller() caller: Caller, @Body() dto: PutCsatSettingsDto) {
    return this.settings.replace(caller, dto);
  }
}
