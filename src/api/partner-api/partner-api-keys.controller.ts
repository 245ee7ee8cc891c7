import { Body, Controller, Delete, Get, Header, Post, Query, UseGuards } from '@nestjs/common';
import { ForAudience } from '../../access/decorators/for-audience.js';
import { ApiKeys } from '../../tenancy/api-keys/api-keys.service.js';
import { LabelQuery } from '../../tenancy/api-keys/key-labels.dto.js';
import { CreatePartnerKeyDto } from '../../tenancy/api-keys/key-settings.dto.js';
import { type Caller, CurrentCaller } from '../../kit/audit/actor.js';
import { KeyList } from '../../tenancy/api-keys/key-list.service.js';
import { ListedKeys } from '../../tenancy/api-keys/listed-key.dto.js';
import { Answers, AnswersNothing } from '../../core/wire/answers.js';
import type { WireJson } from '../../core/wire/wire-json.js';
import { CreatedKey, createdKey } from './created-key.dto.js';
import { OrgOwnershipGuard } from '../../tenancy/orgs/org-ownership.guard.js';
import { Idempotent } from '../../kit/idempotency/idempotent.js';
import { Id } from '../../kit/crud/id.js';

/** The keys of a partner's org [S1]. */
@Controller('partner/v1/orgs/:orgId/api-keys')
@UseGuards(OrgOwnershipGuard)
export class PartnerApiKeysController {
  constructor(
    private readonly apiKeys: ApiKeys,
    private readonly keys: KeyList,
  ) {}

  @Post()
  @Header('Cache-Control', 'no-store')
  @ForAudience('partner')
  @Answers(201, CreatedKey, 'Create an API key of an org', { refusals: [404, 409] })
  @Idempotent()
  async create(
    @CurrentCaller() { actor }: Caller,
    @Id('orgId') orgId: string,
    @Body() dto: CreatePartnerKeyDto,
  ): Promise<CreatedKey> {
    return createdKey(await this.apiKeys.createForOrg(actor, orgId, dto));
  }

  @Get()
  @ForAudience('partner')
  @Answers(200, ListedKeys, "List an org's API keys")
  list(@Id('orgId') orgId: string, @Query() labels: LabelQuery): Promise<WireJson<ListedKeys>> {
    return this.keys.read(orgId, labels);
  }

  @Delete(':keyId')
  @ForAudience('partner')
  @AnswersNothing('Revoke an API key of an org')
  revoke(@CurrentCaller() { actor }: Caller, @Id('orgId') orgId: string, @Id('keyId') keyId: string) {
    return this.apiKeys.revoke(actor, { orgId }, keyId);
  }
}
