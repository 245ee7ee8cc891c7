import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Req, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ForAudience } from '../access/decorators/route-policy.js';
import { ApiKeys } from '../api-keys/api-keys.service.js';
import type { ApiKey } from '../api-keys/api-key.entity.js';
import { KeySettingsDto } from '../api-keys/key-settings.js';
import { type Caller, CurrentCaller } from '../audit/actor.js';
import { Idempotency } from '../idempotency/idempotency.js';
import { Usage } from '../usage/usage.service.js';
import { OrgOwnershipGuard } from './org-ownership.guard.js';

/** The keys of a partner's org [seed 001]. */
@Controller('partner/v1/orgs/:orgId/api-keys')
@UseGuards(OrgOwnershipGuard)
export class PartnerApiKeysController {
  constructor(
    private readonly apiKeys: ApiKeys,
    private readonly usage: Usage,
    private readonly idempotency: Idempotency,
  ) {}

  @Post()
  @Header('Cache-Control', 'no-store')
  @ForAudience('partner')
  create(
    @CurrentCaller() { actor }: Caller,
    @Param('orgId') orgId: string,
    @Body() dto: KeySettingsDto,
    @Req() request: FastifyRequest,
  ) {
    return this.idempotency.once(request, async () => {
      const { key, token } = await this.apiKeys.createForOrg(actor, orgId, dto);
      return { api_key_id: key.id, api_key: token };
    });
  }

  @Get()
  @ForAudience('partner')
  async list(@Param('orgId') orgId: string) {
    const keys = await this.apiKeys.list({ orgId });
    const lastUsed = await this.usage.lastUsed(keys.map((key) => key.id));
    return { data: keys.map((key) => listedKey(key, lastUsed.get(key.id) ?? null)) };
  }

  @Delete(':keyId')
  @HttpCode(204)
  @ForAudience('partner')
  revoke(@CurrentCaller() { actor }: Caller, @Param('orgId') orgId: string, @Param('keyId') keyId: string) {
    return this.apiKeys.revoke(actor, { orgId }, keyId);
  }
}

function listedKey({ id, name, masked_key, created_at, expires_at, revoked_at }: ApiKey, lastUsedAt: Date | null) {
  return { api_key_id: id, name, masked_key, created_at, expires_at, revoked_at, last_used_at: lastUsedAt };
}
