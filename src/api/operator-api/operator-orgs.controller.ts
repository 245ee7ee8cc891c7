import { Controller, Post } from '@nestjs/common';
import { ForAudience } from '../../access/decorators/for-audience.js';
import { Answers } from '../../core/wire/answers.js';
import { type Caller, CurrentCaller } from '../../kit/audit/actor.js';
import { Id } from '../../kit/crud/id.js';
import { Idempotent } from '../../kit/idempotency/idempotent.js';
import { Orgs } from '../../tenancy/orgs/orgs.service.js';
import { OperatorOrg, operatorOrg } from './operator-org.dto.js';

/** Orgs of all partners, for the operator. */
@Controller('operator/v1/orgs')
export class OperatorOrgsController {
  constructor(private readonly orgs: Orgs) {}

  @Post(':org_id/suspend')
  @ForAudience('operator')
  @Answers(200, OperatorOrg, 'Suspend an org of any partner', {
    description:
      'Its keys, sessions and login links are refused until the operator resumes it; its partner cannot resume it.',
    refusals: [404],
  })
  @Idempotent()
  async suspend(@CurrentCaller() { actor }: Caller, @Id('org_id') orgId: string): Promise<OperatorOrg> {
    return operatorOrg(await this.orgs.suspend(actor, orgId, 'operator'));
  }

  @Post(':org_id/resume')
  @ForAudience('operator')
  @Answers(200, OperatorOrg, 'Resume a suspended org of any partner', {
    description: 'Whether the operator or its partner suspended it.',
    refusals: [404],
  })
  @Idempotent()
  async resume(@CurrentCaller() { actor }: Caller, @Id('org_id') orgId: string): Promise<OperatorOrg> {
    return operatorOrg(await this.orgs.resume(actor, orgId, 'operator'));
  }
}
