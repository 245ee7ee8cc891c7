import { Body, Controller, Get, Post, Put } from '@nestjs/common';
import { ForAudience } from '../../access/decorators/for-audience.js';
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

const INSTALLATION: PolicyPlace = { level: 'installation' };

/** The rules that the operator sets for the keys of all orgs. */
@Controller('operator/v1/key-policy')
export class OperatorKeyPolicyController {
  constructor(
    private readonly policies: KeyPolicies,
    private readonly violators: Violators,
  ) {}

  @Get()
  @ForAudience('operator')
  @Answers(200, KeyPolicyView, 'Get the key policy of the installation')
  read(): Promise<KeyPolicyView> {
    return this.policies.read(INSTALLATION);
  }

  @Put()
  @ForAudience('operator')
  @Answers(200, KeyPolicyView, 'Replace the key policy of the installation')
  async set(@CurrentCaller() { actor }: Caller, @Body() dto: SetKeyPolicyDto): Promise<KeyPolicyView> {
    await this.policies.set(actor, INSTALLATION, settingsOf(dto));
    return this.policies.read(INSTALLATION);
  }

  @Get('violations')
  @ForAudience('operator')
  @AnswersPage(PolicyViolator, 'List keys that break a key policy', { description: SHORT_PAGES })
  violations(@ReadQuery(queries) page: PageRequest) {
    return this.violators.list(INSTALLATION, page);
  }

  @Post('preview')
  @ForAudience('operator')
  @Answers(200, KeyPolicyPreview, 'List keys that a draft of the key policy would break', { description: SHORT_PAGES })
  preview(@Body() draft: SetKeyPolicyDto, @ReadQuery(queries) page: PageRequest): Promise<KeyPolicyPreview> {
    return this.violators.preview(INSTALLATION, settingsOf(draft), page);
  }
}
