import { Body, Controller, Get, Post, Put } from '@nestjs/common';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { ForAudience } from '../../access/decorators/for-audience.js';
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

const partnerOf = ({ partnerId }: Principal): PolicyPlace => ({ level: 'partner', partnerId });

/** The rules that a partner sets for the keys of all its orgs. */
@Controller('partner/v1/key-policy')
export class PartnerKeyPolicyController {
  constructor(
    private readonly policies: KeyPolicies,
    private readonly violators: Violators,
  ) {}

  @Get()
  @ForAudience('partner')
  @Answers(200, KeyPolicyView, 'Get the key policy of all orgs')
  read(@CurrentPrincipal() principal: Principal): Promise<KeyPolicyView> {
    return this.policies.read(partnerOf(principal));
  }

  @Put()
  @ForAudience('partner')
  @Answers(200, KeyPolicyView, 'Replace the key policy of all orgs')
  async set(@CurrentCaller() { principal, actor }: Caller, @Body() dto: SetKeyPolicyDto): Promise<KeyPolicyView> {
    await this.policies.set(actor, partnerOf(principal), settingsOf(dto));
    return this.policies.read(partnerOf(principal));
  }

  @Get('violations')
  @ForAudience('partner')
  @AnswersPage(PolicyViolator, 'List keys of all orgs that break a key policy', { description: SHORT_PAGES })
  violations(@CurrentPrincipal() principal: Principal, @ReadQuery(queries) page: PageRequest) {
    return this.violators.list(partnerOf(principal), page);
  }

  @Post('preview')
  @ForAudience('partner')
  @Answers(200, KeyPolicyPreview, 'List keys of all orgs that a draft of the key policy would break', {
    description: SHORT_PAGES,
  })
  preview(
    @CurrentPrincipal() principal: Principal,
    @Body() draft: SetKeyPolicyDto,
    @ReadQuery(queries) page: PageRequest,
  ): Promise<KeyPolicyPreview> {
    return this.violators.preview(partnerOf(principal), settingsOf(draft), page);
  }
}
