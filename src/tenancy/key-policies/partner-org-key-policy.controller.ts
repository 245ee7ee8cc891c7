import { Body, Controller, Get, Post, Put, UseGuards } from '@nestjs/common';
import { ForAudience } from '../../access/decorators/for-audience.js';
import { Answers, AnswersPage } from '../../core/wire/answers.js';
import { ReadQuery } from '../../core/wire/query-reader.js';
import { type Caller, CurrentCaller } from '../../kit/audit/actor.js';
import { Id } from '../../kit/crud/id.js';
import { ListQueries, type PageRequest } from '../../kit/lists/list-queries.js';
import { OrgOwnershipGuard } from '../orgs/org-ownership.guard.js';
import { KeyPolicyPreview, KeyPolicyView, PolicyViolator, SetKeyPolicyDto } from './key-policy.dto.js';
import { KeyPolicies } from './key-policies.service.js';
import { settingsOf } from './policy-settings.js';
import { SHORT_PAGES, Violators } from './violators.service.js';

const queries = new ListQueries({});

/** The rules of one org, which its Owners can change too. */
@Controller('partner/v1/orgs/:orgId/key-policy')
@UseGuards(OrgOwnershipGuard)
export class PartnerOrgKeyPolicyController {
  constructor(
    private readonly policies: KeyPolicies,
    private readonly violators: Violators,
  ) {}

  @Get()
  @ForAudience('partner')
  @Answers(200, KeyPolicyView, "Get an org's key policy")
  read(@Id('orgId') orgId: string): Promise<KeyPolicyView> {
    return this.policies.read({ level: 'org', orgId });
  }

  @Put()
  @ForAudience('partner')
  @Answers(200, KeyPolicyView, "Replace an org's key policy")
  async set(
    @CurrentCaller() { actor }: Caller,
    @Id('orgId') orgId: string,
    @Body() dto: SetKeyPolicyDto,
  ): Promise<KeyPolicyView> {
    await this.policies.set(actor, { level: 'org', orgId }, settingsOf(dto));
    return this.policies.read({ level: 'org', orgId });
  }

  @Get('violations')
  @ForAudience('partner')
  @AnswersPage(PolicyViolator, "List an org's keys that break its key policy", { description: SHORT_PAGES })
  violations(@Id('orgId') orgId: string, @ReadQuery(queries) page: PageRequest) {
    return this.violators.list({ level: 'org', orgId }, page);
  }

  @Post('preview')
  @ForAudience('partner')
  @Answers(200, KeyPolicyPreview, "List an org's keys that a draft of its key policy would break", {
    description: SHORT_PAGES,
  })
  preview(
    @Id('orgId') orgId: string,
    @Body() draft: SetKeyPolicyDto,
    @ReadQuery(queries) page: PageRequest,
  ): Promise<KeyPolicyPreview> {
    return this.violators.preview({ level: 'org', orgId }, settingsOf(draft), page);
  }
}
