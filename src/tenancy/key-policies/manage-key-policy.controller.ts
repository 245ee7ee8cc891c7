import { Body, Controller, Get, Post, Put } from '@nestjs/common';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { RequireRole } from '../../access/decorators/require-role.js';
import type { Principal } from '../../access/principal/principal.js';
import { Answers, AnswersPage } from '../../core/wire/answers.js';
import { ReadQuery } from '../../core/wire/query-reader.js';
import { type Caller, CurrentCaller } from '../../kit/audit/actor.js';
import { ListQueries, type PageRequest } from '../../kit/lists/list-queries.js';
import { KeyPolicyPreview, KeyPolicyView, PolicyViolator, SetKeyPolicyDto } from './key-policy.dto.js';
import { KeyPolicies } from './key-policies.service.js';
import type { PolicyPlace } from './policy-place.js';
import { settingsOf } from './policy-settings.js';
import { SHORT_PAGES, Violators } from './violators.service.js';

const queries = new ListQueries({});

const orgOf = ({ orgId }: Principal): PolicyPlace => ({ level: 'org', orgId });

/** The rules that the org sets for its keys. Those of its partner and the installation count too. */
@Controller('manage/v1/key-policy')
export class ManageKeyPolicyController {
  constructor(
    private readonly policies: KeyPolicies,
    private readonly violators: Violators,
  ) {}

  @Get()
  @RequireRole('Member')
  @Answers(200, KeyPolicyView, 'Get the key policy', { refusals: [404] })
  read(@CurrentPrincipal() principal: Principal): Promise<KeyPolicyView> {
    return this.policies.read(orgOf(principal));
  }

  @Put()
  @RequireRole('Owner')
  @Answers(200, KeyPolicyView, 'Replace the key policy', { refusals: [404] })
  async set(@CurrentCaller() { principal, actor }: Caller, @Body() dto: SetKeyPolicyDto): Promise<KeyPolicyView> {
    await this.policies.set(actor, orgOf(principal), settingsOf(dto));
    return this.policies.read(orgOf(principal));
  }

  @Get('violations')
  @RequireRole('Member')
  @AnswersPage(PolicyViolator, 'List keys that break the key policy', { description: SHORT_PAGES })
  violations(@CurrentPrincipal() principal: Principal, @ReadQuery(queries) page: PageRequest) {
    return this.violators.list(orgOf(principal), page);
  }

  @Post('preview')
  @RequireRole('Admin')
  @Answers(200, KeyPolicyPreview, 'List keys that a draft of the key policy would break', { description: SHORT_PAGES })
  preview(
    @CurrentPrincipal() principal: Principal,
    @Body() draft: SetKeyPolicyDto,
    @ReadQuery(queries) page: PageRequest,
  ): Promise<KeyPolicyPreview> {
    return this.violators.preview(orgOf(principal), settingsOf(draft), page);
  }
}
