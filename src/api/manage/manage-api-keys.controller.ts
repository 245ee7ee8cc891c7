import { Body, Controller, Delete, Get, Header, Patch, Post, Query } from '@nestjs/common';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { RequireRole } from '../../access/decorators/require-role.js';
import type { Principal } from '../../access/principal/principal.js';
import { ApiKeys } from '../../tenancy/api-keys/api-keys.service.js';
import { KeyChanges } from '../../tenancy/api-keys/key-changes.service.js';
import { KeySuspensions } from '../../tenancy/api-keys/key-suspensions.service.js';
import { KEY_FILTERS, KeyDirectory } from '../../tenancy/api-keys/key-directory.js';
import { CreateApiKeyDto, RotateApiKeyDto, UpdateApiKeyDto } from '../../tenancy/api-keys/key-settings.dto.js';
import { withETag } from '../../tenancy/api-keys/key-answer.js';
import { ManagedKey, NewManagedKey } from '../../tenancy/api-keys/key-view.dto.js';
import { KeysUsageQuery } from '../../tenancy/api-keys/keys-usage.dto.js';
import { type Caller, CurrentCaller } from '../../kit/audit/actor.js';
import { ListQueries, type PageRequest } from '../../kit/lists/list-queries.js';
import { KeysUsageByDay, KeyUsageReport } from '../../kit/usage/usage.dto.js';
import { Answers, AnswersNothing, AnswersPage } from '../../core/wire/answers.js';
import { Id } from '../../kit/crud/id.js';
import { ReadQuery } from '../../core/wire/query-reader.js';
import { Idempotent } from '../../kit/idempotency/idempotent.js';
import type { Answer } from '../../core/wire/answer.js';
import { CurrentIfMatch, type IfMatch } from '../../core/http/if-match.js';
import type { Wire } from '../../core/wire/wire-json.js';

type KeyAnswer = Answer<Wire<ManagedKey>>;

/** Of a change, whose answer shows the key as it is after COMMIT. */
interface Changed {
  readonly id: string;
}

const queries = new ListQueries(KEY_FILTERS);

interface Minted {
  readonly id: string;
  readonly token: string;
  readonly secret: string | undefined;
}

/** All keys of the org, including those that the partner created [S0, S2, S3, S4]. */
@Controller('manage/v1/api-keys')
export class ManageApiKeysController {
  constructor(
    private readonly apiKeys: ApiKeys,
    private readonly changes: KeyChanges,
    private readonly suspensions: KeySuspensions,
    private readonly directory: KeyDirectory,
  ) {}

  @Get()
  @RequireRole('Member')
  @AnswersPage(ManagedKey, 'List API keys')
  list(@CurrentPrincipal() { orgId }: Principal, @ReadQuery(queries) page: PageRequest) {
    return this.directory.list(orgId, page);
  }

  @Post()
  @Header('Cache-Control', 'no-store')
  @RequireRole('Admin')
  @Answers(201, NewManagedKey, 'Create an API key', { refusals: [404, 409], hasRevision: true })
  @Idempotent({ complete: 'show' })
  async create(
    @CurrentCaller() { principal: { orgId }, actor }: Caller,
    @Body() dto: CreateApiKeyDto,
  ): Promise<Minted> {
    const { key, token, secret } = await this.apiKeys.createByMember(actor, orgId, dto);
    return { id: key.id, token, secret };
  }

  @Get('usage')
  @RequireRole('Member')
  @Answers(200, KeysUsageByDay, 'How much several API keys were used, by day')
  usageByDay(@CurrentPrincipal() { orgId }: Principal, @Query() { ids }: KeysUsageQuery) {
    return this.directory.usageByDay(orgId, ids.split(','));
  }

  @Get(':id')
  @RequireRole('Member')
  @Answers(200, ManagedKey, 'Get an API key', { hasRevision: true })
  read(@CurrentPrincipal() { orgId }: Principal, @Id() id: string): Promise<KeyAnswer> {
    return this.#read(orgId, id);
  }

  @Patch(':id')
  @RequireRole('Admin')
  @Answers(200, ManagedKey, 'Change an API key', { refusals: [409, 412], hasRevision: true })
  async update(
    @CurrentCaller() { principal: { orgId }, actor }: Caller,
    @Id() id: string,
    @Body() dto: UpdateApiKeyDto,
    @CurrentIfMatch() ifMatch: IfMatch | undefined,
  ): Promise<KeyAnswer> {
    await this.changes.update(actor, orgId, id, dto, ifMatch);
    return this.#read(orgId, id);
  }

  @Post(':id/acknowledge')
  @RequireRole('Admin')
  @Answers(200, ManagedKey, 'Say that an API key is stored', { hasRevision: true })
  @Idempotent({ complete: 'showChanged' })
  async acknowledge(@CurrentCaller() { principal: { orgId }, actor }: Caller, @Id() id: string): Promise<Changed> {
    await this.changes.acknowledge(actor, orgId, id);
    return { id };
  }

  @Post(':id/rotate')
  @Header('Cache-Control', 'no-store')
  @RequireRole('Admin')
  @Answers(200, NewManagedKey, 'Replace the credential of an API key', { refusals: [409], hasRevision: true })
  @Idempotent({ complete: 'show' })
  async rotate(
    @CurrentCaller() { principal: { orgId }, actor }: Caller,
    @Id() id: string,
    @Body() dto: RotateApiKeyDto,
  ): Promise<Minted> {
    const { token, secret } = await this.changes.rotate(actor, orgId, id, dto);
    return { id, token, secret };
  }

  @Post(':id/suspend')
  @RequireRole('Admin')
  @Answers(200, ManagedKey, 'Suspend an API key', {
    description: 'Its requests get 401 until it is resumed. It can still be edited, rotated and revoked.',
    refusals: [409],
    hasRevision: true,
  })
  @Idempotent({ complete: 'showChanged' })
  async suspend(@CurrentCaller() { principal: { orgId }, actor }: Caller, @Id() id: string): Promise<Changed> {
    await this.suspensions.suspend(actor, { orgId }, id);
    return { id };
  }

  @Post(':id/resume')
  @RequireRole('Admin')
  @Answers(200, ManagedKey, 'Resume a suspended API key', { refusals: [409], hasRevision: true })
  @Idempotent({ complete: 'showChanged' })
  async resume(@CurrentCaller() { principal: { orgId }, actor }: Caller, @Id() id: string): Promise<Changed> {
    await this.suspensions.resume(actor, { orgId }, id);
    return { id };
  }

  @Post(':id/revoke')
  @RequireRole('Admin')
  @Answers(200, ManagedKey, 'Revoke an API key', { hasRevision: true })
  @Idempotent({ complete: 'showChanged' })
  async revoke(@CurrentCaller() { principal: { orgId }, actor }: Caller, @Id() id: string): Promise<Changed> {
    await this.apiKeys.revoke(actor, { orgId }, id);
    return { id };
  }

  @Delete(':id')
  @RequireRole('Admin')
  @AnswersNothing('Revoke an API key', { description: 'The key is kept, for the audit.' })
  delete(@CurrentCaller() { principal: { orgId }, actor }: Caller, @Id() id: string): Promise<void> {
    return this.apiKeys.revoke(actor, { orgId }, id);
  }

  @Get(':id/usage')
  @RequireRole('Member')
  @Answers(200, KeyUsageReport, 'How much an API key was used')
  usage(@CurrentPrincipal() { orgId }: Principal, @Id() id: string) {
    return this.directory.usage(orgId, id);
  }

  /** Reads the key after COMMIT: a repeat gets the same credential with the key's current state. */
  async show({ id, token, secret }: Minted, { principal }: Caller): Promise<Answer<Wire<NewManagedKey>>> {
    return withETag({ ...(await this.directory.read(principal.orgId, id)), api_key: token, api_secret: secret });
  }

  showChanged({ id }: Changed, { principal }: Caller): Promise<KeyAnswer> {
    return this.#read(principal.orgId, id);
  }

  async #read(orgId: string, id: string): Promise<KeyAnswer> {
    return withETag(await this.directory.read(orgId, id));
  }
}
