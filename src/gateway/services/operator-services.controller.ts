import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ForAudience } from '../../access/decorators/for-audience.js';
import { invalidField } from '../../core/errors/invalid-request.js';
import { type Answer, createdOrUpdated } from '../../core/wire/answer.js';
import { Answers, AnswersNothing } from '../../core/wire/answers.js';
import { LimitsBody } from '../../core/wire/body-limit.js';
import { TakesText } from '../../core/wire/text-body.js';
import { type Caller, CurrentCaller } from '../../kit/audit/actor.js';
import { Idempotent } from '../../kit/idempotency/idempotent.js';
import { readDeclaration } from '../declaration/read-declaration.js';
import { AppliedServiceView, ApplyServiceQuery } from './applied-service.dto.js';
import { DeclaredService, declaredService, DeclaredServices } from './declared-service.dto.js';
import { serviceChanges } from './service-changes.js';
import { Services } from './services.service.js';

const DOCUMENT_BYTES_MAX = 4 * 1024 * 1024;

/** Services, for the operator. */
@Controller('operator/v1/services')
export class OperatorServicesController {
  constructor(private readonly services: Services) {}

  @Get()
  @ForAudience('operator')
  @Answers(200, DeclaredServices, 'List services')
  async list(): Promise<DeclaredServices> {
    return { items: (await this.services.list()).map(declaredService) };
  }

  @Get(':service')
  @ForAudience('operator')
  @Answers(200, DeclaredService, 'Get a service')
  async read(@Param('service') slug: string): Promise<DeclaredService> {
    return declaredService(await this.services.read(slug));
  }

  @Put(':service')
  @ForAudience('operator')
  @TakesText(['application/yaml', 'application/json'])
  @LimitsBody(DOCUMENT_BYTES_MAX)
  @Answers(200, AppliedServiceView, 'Create a service, or make it what a document declares', {
    also: { 201: AppliedServiceView },
    refusals: [409],
  })
  async apply(
    @CurrentCaller() { actor }: Caller,
    @Param('service') slug: string,
    @Query() { dry_run }: ApplyServiceQuery,
    @Body() text = '',
  ): Promise<Answer<AppliedServiceView>> {
    const declaration = readDeclaration(text);
    if (declaration.service !== slug) {
      throw invalidField('service', `service must be ${slug}, as in the path, and not ${declaration.service}`);
    }
    if (dry_run) {
      const { before, plan } = await this.services.plan(declaration);
      const service = before ? declaredService(before) : null;
      return createdOrUpdated({ service, changes: serviceChanges(plan), applied: false }, false);
    }
    const { plan, outcome, ...after } = await this.services.apply(actor, declaration);
    const view = { service: declaredService(after), changes: serviceChanges(plan), applied: true };
    return createdOrUpdated(view, outcome === 'created');
  }

  @Post(':service/suspend')
  @ForAudience('operator')
  @Answers(200, DeclaredService, 'Suspend a service', {
    description: 'Its doors refuse every request with 401, to its public routes too, until it is resumed.',
  })
  @Idempotent()
  async suspend(@CurrentCaller() { actor }: Caller, @Param('service') slug: string): Promise<DeclaredService> {
    return declaredService(await this.services.suspend(actor, slug));
  }

  @Post(':service/resume')
  @ForAudience('operator')
  @Answers(200, DeclaredService, 'Resume a suspended service')
  @Idempotent()
  async resume(@CurrentCaller() { actor }: Caller, @Param('service') slug: string): Promise<DeclaredService> {
    return declaredService(await this.services.resume(actor, slug));
  }

  @Delete(':service')
  @ForAudience('operator')
  @AnswersNothing('Delete a service with its keys', {
    description: 'Refused while active keys of orgs hold its scopes.',
    refusals: [409],
  })
  remove(@CurrentCaller() { actor }: Caller, @Param('service') slug: string): Promise<void> {
    return this.services.remove(actor, slug);
  }
}
