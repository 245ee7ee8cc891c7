import { Body, Controller, Get, Header, Patch, Post, UseGuards } from '@nestjs/common';
import { ForAudience } from '../../access/decorators/for-audience.js';
import { CurrentIfMatch, type IfMatch } from '../../core/http/if-match.js';
import type { Answer } from '../../core/wire/answer.js';
import { Answers, AnswersPage } from '../../core/wire/answers.js';
import { ReadQuery } from '../../core/wire/query-reader.js';
import type { Wire } from '../../core/wire/wire-json.js';
import { type Caller, CurrentCaller } from '../../kit/audit/actor.js';
import { AuditEntryView } from '../../kit/audit/audit.dto.js';
import { AuditTrail, KEY_AUDIT_FILTERS } from '../../kit/audit/audit-trail.js';
import { Id } from '../../kit/crud/id.js';
import { Idempotent } from '../../kit/idempotency/idempotent.js';
import { ListQueries, type PageRequest } from '../../kit/lists/list-queries.js';
import { KeyUsageReport } from '../../kit/usage/usage.dto.js';
import { ApiKeys } from '../../tenancy/api-keys/api-keys.service.js';
import { withETag } from '../../tenancy/api-keys/key-answer.js';
import { KeyChanges } from '../../tenancy/api-keys/key-changes.service.js';
import { KeyDirectory } from '../../tenancy/api-keys/key-directory.js';
import { RotateApiKeyDto, UpdateApiKeyDto } from '../../tenancy/api-keys/key-settings.dto.js';
import { KeySuspensions } from '../../tenancy/api-keys/key-suspensions.service.js';
import { ManagedKey, NewManagedKey } from '../../tenancy/api-keys/key-view.dto.js';
import { OrgOwnershipGuard } from '../../tenancy/orgs/org-ownership.guard.js';

const entries = new ListQueries(KEY_AUDIT_FILTERS);

type KeyAnswer = Answer<Wire<ManagedKey>>;

/** A change whose answer shows the key. */
const DONE = {};

interface Minted {
  readonly token: string;
  readonly secret: string | undefined;
}

/** One key of a partner's org, by any creator. The same as in `/manage/v1/api-keys/{id}`. */
@Controller('partner/v1/orgs/:orgId/api-keys/:keyId')
@UseGuards(OrgOwnershipGuard)
export class PartnerOrgKeyController {
  constructor(
    private readonly apiKeys: ApiKeys,
    private readonly changes: KeyChanges,
    private readonly suspensions: KeySuspensions,
    private readonly directory: KeyDirectory,
    private readonly trail: AuditTrail,
  ) {}

  @Get()
  @ForAudience('partner')
  @Answers(200, ManagedKey, 'Get an API key of an org', { hasRevision: true })
  async read(@Id('orgId') orgId: string, @Id('keyId') keyId: string): Promise<KeyAnswer> {
    return withETag(await this.directory.read(orgId, keyId));
  }

  @Patch()
  @ForAudience('partner')
  @Answers(200, ManagedKey, 'Change an API key of an org', { refusals: [409, 412], hasRevision: true })
  async update(
    @CurrentCaller() { actor }: Caller,
    @Id('orgId') orgId: string,
    @Id('keyId') keyId: string,
    @Body() dto: UpdateApiKeyDto,
    @CurrentIfMatch() ifMatch: IfMatch | undefined,
  ): Promise<KeyAnswer> {
    await this.changes.update(actor, orgId, keyId, dto, ifMatch);
    return this.read(orgId, keyId);
  }

  @Post('rotate')
  @Header('Cache-Control', 'no-store')
  @ForAudience('partner')
  @Answers(200, NewManagedKey, 'Replace the credential of an API key of an org', {
    refusals: [409],
    hasRevision: true,
  })
  @Idempotent({ complete: 'showNew' })
  async rotate(
    @CurrentCaller() { actor }: Caller,
    @Id('orgId') orgId: string,
    @Id('keyId') keyId: string,
    @Body() dto: RotateApiKeyDto,
  ): Promise<Minted> {
    const { token, secret } = await this.changes.rotate(actor, orgId, keyId, dto);
    return { token, secret };
  }

  @Post('suspend')
  @ForAudience('partner')
  @Answers(200, ManagedKey, 'Suspend an API key of an org', {
    description: 'Its requests get 401 until it is resumed. It can still be edited, rotated and revoked.',
    refusals: [409],
    hasRevision: true,
  })
  @Idempotent({ complete: 'show' })
  async suspend(@CurrentCaller() { actor }: Caller, @Id('orgId') orgId: string, @Id('keyId') keyId: string) {
    await this.suspensions.suspend(actor, { orgId }, keyId);
    return DONE;
  }

  @Post('resume')
  @ForAudience('partner')
  @Answers(200, ManagedKey, 'Resume a suspended API key of an org', { refusals: [409], hasRevision: true })
  @Idempotent({ complete: 'show' })
  async resume(@CurrentCaller() { actor }: Caller, @Id('orgId') orgId: string, @Id('keyId') keyId: string) {
    await this.suspensions.resume(actor, { orgId }, keyId);
    return DONE;
  }

  @Post('revoke')
  @ForAudience('partner')
  @Answers(200, ManagedKey, 'Revoke an API key of an org, and get it', { hasRevision: true })
  @Idempotent({ complete: 'show' })
  async revoke(@CurrentCaller() { actor }: Caller, @Id('orgId') orgId: string, @Id('keyId') keyId: string) {
    await this.apiKeys.revoke(actor, { orgId }, keyId);
    return DONE;
  }

  @Get('usage')
  @ForAudience('partner')
  @Answers(200, KeyUsageReport, 'How much an API key of an org was used')
  usage(@Id('orgId') orgId: string, @Id('keyId') keyId: string) {
    return this.directory.usage(orgId, keyId);
  }

  @Get('audit')
  @ForAudience('partner')
  @AnswersPage(AuditEntryView, 'List the audit entries of an API key of an org')
  async audit(@Id('orgId') orgId: string, @Id('keyId') keyId: string, @ReadQuery(entries) page: PageRequest) {
    await this.directory.read(orgId, keyId);
    return this.trail.ofKey(orgId, keyId, page);
  }

  /** Reads the key after COMMIT: a repeat gets its current state. */
  show(_done: typeof DONE, _caller: Caller, orgId: string, keyId: string): Promise<KeyAnswer> {
    return this.read(orgId, keyId);
  }

  async showNew(
    { token, secret }: Minted,
    _caller: Caller,
    orgId: string,
    keyId: string,
  ): Promise<Answer<Wire<NewManagedKey>>> {
    return withETag({ ...(await this.directory.read(orgId, keyId)), api_key: token, api_secret: secret });
  }
}
