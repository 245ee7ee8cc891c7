import { Body, Controller, Get, Post } from '@nestjs/common';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { RequireRole } from '../../access/decorators/require-role.js';
import type { Principal } from '../../access/principal/principal.js';
import { Answers } from '../../core/wire/answers.js';
import type { Answer } from '../../core/wire/answer.js';
import type { Wire } from '../../core/wire/wire-json.js';
import { type Caller, CurrentCaller } from '../../kit/audit/actor.js';
import { Id } from '../../kit/crud/id.js';
import { Idempotent } from '../../kit/idempotency/idempotent.js';
import { KeyDirectory } from '../../tenancy/api-keys/key-directory.js';
import { withETag } from '../../tenancy/api-keys/key-answer.js';
import { ManagedKey } from '../../tenancy/api-keys/key-view.dto.js';
import { ScopeRemovals } from './scope-removals.service.js';
import { KeyScopeUse, RemoveKeyScopesDto } from './scope-use.dto.js';
import { ScopeUses } from './scope-uses.service.js';

interface Changed {
  readonly id: string;
}

/** The scopes of a key against their use. */
@Controller('manage/v1/api-keys/:id/scopes')
export class KeyScopesController {
  constructor(
    private readonly uses: ScopeUses,
    private readonly removals: ScopeRemovals,
    private readonly directory: KeyDirectory,
  ) {}

  @Get()
  @RequireRole('Member')
  @Answers(200, KeyScopeUse, 'Compare the scopes of an API key with their use')
  read(@CurrentPrincipal() { orgId }: Principal, @Id() id: string): Promise<Wire<KeyScopeUse>> {
    return this.uses.read(orgId, id);
  }

  @Post('remove')
  @RequireRole('Admin')
  @Answers(200, ManagedKey, 'Remove unused scopes of an API key', {
    description: 'Refuses scopes that the key used. For 24 hours, the removed scopes can be restored in one call.',
    refusals: [409],
    hasRevision: true,
  })
  @Idempotent({ complete: 'show' })
  async remove(
    @CurrentCaller() { principal: { orgId }, actor }: Caller,
    @Id() id: string,
    @Body() { scopes }: RemoveKeyScopesDto,
  ): Promise<Changed> {
    await this.removals.remove(actor, orgId, id, scopes);
    return { id };
  }

  @Post('restore')
  @RequireRole('Admin')
  @Answers(200, ManagedKey, 'Restore the removed scopes of an API key', { refusals: [409], hasRevision: true })
  @Idempotent({ complete: 'show' })
  async restore(@CurrentCaller() { principal: { orgId }, actor }: Caller, @Id() id: string): Promise<Changed> {
    await this.removals.restore(actor, orgId, id);
    return { id };
  }

  /** Reads the key after COMMIT: a repeat gets its current state. */
  async show({ id }: Changed, { principal }: Caller): Promise<Answer<Wire<ManagedKey>>> {
    return withETag(await this.directory.read(principal.orgId, id));
  }
}
