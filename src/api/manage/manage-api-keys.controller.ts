import { Body, Controller, Delete, Get, Header, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { RequireRole } from '../../access/decorators/require-role.js';
import type { Principal } from '../../access/principal/principal.js';
import { ApiKeys } from '../../tenancy/api-keys/api-keys.service.js';
import { KeyChanges } from '../../tenancy/api-keys/key-changes.service.js';
import { KEY_FILTERS, KeyDirectory } from '../../tenancy/api-keys/key-directory.js';
import { CreateApiKeyDto, RotateApiKeyDto, UpdateApiKeyDto } from '../../tenancy/api-keys/key-settings.dto.js';
import { ManagedKey, NewManagedKey } from '../../tenancy/api-keys/key-view.dto.js';
import { KeysUsageQuery } from '../../tenancy/api-keys/keys-usage.dto.js';
import { type Caller, CurrentCaller } from '../../kit/audit/actor.js';
import { Idempotency } from '../../kit/idempotency/idempotency.js';
import { ListQueries } from '../../kit/lists/list-queries.js';
import { sendJson } from '../../kit/crud/send-json.js';
import { KeysUsageByDay, KeyUsageReport } from '../../kit/usage/usage.dto.js';
import { Answers, AnswersNothing, AnswersPage } from '../../core/wire/answers.js';

const queries = new ListQueries(KEY_FILTERS);

interface Minted {
  readonly id: string;
  readonly token: string;
  readonly secret: string | undefined;
}

/** The org's keys, whoever made them [seeds 000, 002, 003, 004]. */
@Controller('manage/v1/api-keys')
export class ManageApiKeysController {
  constructor(
    private readonly apiKeys: ApiKeys,
    private readonly changes: KeyChanges,
    private readonly directory: KeyDirectory,
    private readonly idempotency: Idempotency,
  ) {}

  @Get()
  @RequireRole('Member')
  @AnswersPage(ManagedKey, 'List API keys', { query: queries.dto })
  async list(@CurrentPrincipal() { orgId }: Principal, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    sendJson(reply, await this.directory.list(orgId, queries.judge(request)));
  }

  @Post()
  @Header('Cache-Control', 'no-store')
  @RequireRole('Admin')
  @Answers(201, NewManagedKey, 'Create an API key', { refusals: [404, 409], once: true })
  create(
    @CurrentCaller() { principal: { orgId }, actor }: Caller,
    @Body() dto: CreateApiKeyDto,
    @Req() request: FastifyRequest,
  ): Promise<NewManagedKey> {
    return this.#mintOnce(request, orgId, async () => {
      const { key, token, secret } = await this.apiKeys.createByMember(actor, orgId, dto);
      return { id: key.id, token, secret };
    });
  }

  @Get('usage')
  @RequireRole('Member')
  @Answers(200, KeysUsageByDay, 'How much several API keys were used, by day')
  async usageByDay(
    @CurrentPrincipal() { orgId }: Principal,
    @Query() { ids }: KeysUsageQuery,
    @Res() reply: FastifyReply,
  ) {
    sendJson(reply, await this.directory.usageByDay(orgId, ids.split(',')));
  }

  @Get(':id')
  @RequireRole('Member')
  @Answers(200, ManagedKey, 'Get an API key')
  read(@CurrentPrincipal() { orgId }: Principal, @Param('id') id: string): Promise<ManagedKey> {
    return this.directory.read(orgId, id);
  }

  @Patch(':id')
  @RequireRole('Admin')
  @Answers(200, ManagedKey, 'Change an API key', { refusals: [409] })
  async update(
    @CurrentCaller() { principal: { orgId }, actor }: Caller,
    @Param('id') id: string,
    @Body() dto: UpdateApiKeyDto,
  ): Promise<ManagedKey> {
    await this.changes.update(actor, orgId, id, dto);
    return this.directory.read(orgId, id);
  }

  @Post(':id/acknowledge')
  @RequireRole('Admin')
  @Answers(200, ManagedKey, 'Say that an API key is stored')
  async acknowledge(
    @CurrentCaller() { principal: { orgId }, actor }: Caller,
    @Param('id') id: string,
  ): Promise<ManagedKey> {
    await this.changes.acknowledge(actor, orgId, id);
    return this.directory.read(orgId, id);
  }

  @Post(':id/rotate')
  @Header('Cache-Control', 'no-store')
  @RequireRole('Admin')
  @Answers(200, NewManagedKey, 'Replace the credential of an API key', { refusals: [409], once: true })
  rotate(
    @CurrentCaller() { principal: { orgId }, actor }: Caller,
    @Param('id') id: string,
    @Body() { grace_seconds }: RotateApiKeyDto,
    @Req() request: FastifyRequest,
  ): Promise<NewManagedKey> {
    return this.#mintOnce(request, orgId, async () => {
      const { token, secret } = await this.changes.rotate(actor, orgId, id, grace_seconds);
      return { id, token, secret };
    });
  }

  @Post(':id/revoke')
  @RequireRole('Admin')
  @Answers(200, ManagedKey, 'Revoke an API key')
  async revoke(@CurrentCaller() { principal: { orgId }, actor }: Caller, @Param('id') id: string): Promise<ManagedKey> {
    await this.apiKeys.revoke(actor, { orgId }, id);
    return this.directory.read(orgId, id);
  }

  @Delete(':id')
  @RequireRole('Admin')
  @AnswersNothing('Revoke an API key', { description: 'The key is kept, for the audit.' })
  delete(@CurrentCaller() { principal: { orgId }, actor }: Caller, @Param('id') id: string): Promise<void> {
    return this.apiKeys.revoke(actor, { orgId }, id);
  }

  @Get(':id/usage')
  @RequireRole('Member')
  @Answers(200, KeyUsageReport, 'How much an API key was used')
  async usage(@CurrentPrincipal() { orgId }: Principal, @Param('id') id: string, @Res() reply: FastifyReply) {
    sendJson(reply, await this.directory.usage(orgId, id));
  }

  /** A repeated request gets the same credential, and the key as it is by then: its view is read after the commit. */
  async #mintOnce(request: FastifyRequest, orgId: string, mint: () => Promise<Minted>): Promise<NewManagedKey> {
    const { id, token, secret } = await this.idempotency.once(request, mint);
    return { ...(await this.directory.read(orgId, id)), api_key: token, api_secret: secret };
  }
}
