import { Body, Controller, Delete, Get, Param, Post, UseGuards } from '@nestjs/common';
import { ForAudience } from '../../access/decorators/for-audience.js';
import { type Caller, CurrentCaller } from '../../kit/audit/actor.js';
import { NumberAssignments } from '../../tenancy/whatsapp-numbers/number-assignments.service.js';
import {
  AssignedNumber,
  assignedNumber,
  AssignedNumbers,
  SaveWhatsAppNumberDto,
} from '../../tenancy/whatsapp-numbers/whatsapp-number.dto.js';
import { Answers, AnswersNothing } from '../../core/wire/answers.js';
import { OrgOwnershipGuard } from '../../tenancy/orgs/org-ownership.guard.js';
import { Idempotent } from '../../kit/idempotency/idempotent.js';
import { Id } from '../../kit/crud/id.js';

const OF_WHATSAPP = { resources: ['whatsapp'] } as const;

@Controller('partner/v1/orgs/:orgId/whatsapp-numbers')
@UseGuards(OrgOwnershipGuard)
export class PartnerWhatsAppNumbersController {
  constructor(private readonly assignments: NumberAssignments) {}

  @Post()
  @ForAudience('partner', OF_WHATSAPP)
  @Answers(201, AssignedNumber, 'Assign a WhatsApp number to an org', {
    description:
      'One that the operator has handed to the partner; any other is 403. It is assigned to one org at a time. For the ' +
      'org that has it already, what is shown of it is replaced.',
    refusals: [409],
  })
  @Idempotent()
  async assign(
    @CurrentCaller() { principal, actor }: Caller,
    @Id('orgId') orgId: string,
    @Body() dto: SaveWhatsAppNumberDto,
  ): Promise<AssignedNumber> {
    return assignedNumber(await this.assignments.assignOwn(actor, principal.partnerId, orgId, dto));
  }

  @Get()
  @ForAudience('partner', OF_WHATSAPP)
  @Answers(200, AssignedNumbers, 'List the WhatsApp numbers of an org')
  async list(@Id('orgId') orgId: string): Promise<AssignedNumbers> {
    return { data: (await this.assignments.ofOrg(orgId)).map(assignedNumber) };
  }

  @Delete(':numberId')
  @ForAudience('partner', OF_WHATSAPP)
  @AnswersNothing('Release a WhatsApp number of an org', {
    description: 'The org sends from it no more, what waits included. The partner can assign it again.',
  })
  release(@CurrentCaller() { actor }: Caller, @Id('orgId') orgId: string, @Param('numberId') numberId: string) {
    return this.assignments.release(actor, numberId, orgId);
  }
}
