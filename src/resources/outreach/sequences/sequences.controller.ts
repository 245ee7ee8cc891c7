import { Body, Controller, Get, Param, Patch, Post, Put } from '@nestjs/common';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { type Caller, CurrentCaller } from '../../../kit/audit/actor.js';
import { ReadQuery } from '../../../core/wire/query-reader.js';
import { ListQueries, type PageRequest } from '../../../kit/lists/list-queries.js';
import { Answers, AnswersPage } from '../../../core/wire/answers.js';
import {
  AddContactsDto,
  CreatedSequence,
  CreateSequenceDto,
  StartedSequenceRun,
  UpdateSequenceDto,
} from './sequence.dto.js';
import { MERGE_FIELDS } from '../../directory/contacts/contact-merge-fields.js';
import { SequenceContacts } from './sequence-contacts.service.js';
import { OUTCOME_FILTERS, SequenceOutcome } from './sequence-outcome.js';
import { SequenceOutcomes } from './sequence-outcomes.service.js';
import { kit } from './sequences.definition.js';
import { Sequences } from './sequences.service.js';
import { Idempotent } from '../../../kit/idempotency/idempotent.js';
import { Audited } from '../../../kit/crud/audited.js';

const OUTCOME_QUERIES = new ListQueries(OUTCOME_FILTERS);
const NEEDS =
  'The key also needs the scopes of what the steps do: `contacts:read`, and `email:write` or `calls:write`.';
const SAVES = `${MERGE_FIELDS} ${NEEDS}`;

@Controller('sequences')
export class SequencesController extends kit.Controller {
  constructor(
    override readonly service: Sequences,
    private readonly contacts: SequenceContacts,
    private readonly outcomes: SequenceOutcomes,
  ) {
    super(service);
  }

  @Get(':sequence_id')
  @RequireScope('sequences', 'read')
  @Answers(200, kit.Row, 'Get a sequence', { description: 'By its id or its custom_id.' })
  read(@CurrentPrincipal() principal: Principal, @Param('sequence_id') name: string) {
    return this.service.read(principal, name);
  }

  @Post()
  @RequireScope('sequences', 'write')
  @Answers(201, CreatedSequence, 'Create a sequence', { refusals: [404, 409], description: SAVES })
  @Idempotent()
  @Audited()
  create(@CurrentPrincipal() principal: Principal, @Body() dto: CreateSequenceDto): Promise<CreatedSequence> {
    return this.service.add(principal, dto);
  }

  @Patch(':sequence_id')
  @RequireScope('sequences', 'write')
  @Answers(200, kit.Row, 'Update a sequence', { description: `While it is pending. ${SAVES}`, refusals: [409] })
  update(@CurrentCaller() caller: Caller, @Param('sequence_id') name: string, @Body() dto: UpdateSequenceDto) {
    return this.service.edit(caller, name, dto);
  }

  @Put(':sequence_id/start')
  @RequireScope('sequences', 'write')
  @Answers(200, kit.Row, 'Start a sequence', {
    description:
      'One that is not continuous, once: with all contacts that fit its filter then. Each step mails a contact once. ' +
      'When a step is due, it skips contacts that are blocked, have unsubscribed or have no address. A step that sends ' +
      `from an unverified domain, or makes phone calls, refuses the start (409). ${NEEDS}`,
    refusals: [409],
  })
  start(@CurrentCaller() caller: Caller, @Param('sequence_id') name: string) {
    return this.service.start(caller, name);
  }

  @Put(':sequence_id/cancel')
  @RequireScope('sequences', 'write')
  @Answers(200, kit.Row, 'Cancel a sequence', {
    description: 'All of it, by its id or its custom_id, or one run by its run_id. What has not been sent is stopped.',
  })
  cancel(@CurrentCaller() caller: Caller, @Param('sequence_id') name: string) {
    return this.service.cancel(caller, name);
  }

  @Get(':sequence_id/outcomes')
  @RequireScope('sequences', 'read')
  @AnswersPage(SequenceOutcome, 'List what a sequence did', {
    description: 'One row per contact and step: sent, or skipped and why. `outcomes` of the sequence counts them.',
  })
  listOutcomes(
    @CurrentPrincipal() principal: Principal,
    @Param('sequence_id') name: string,
    @ReadQuery(OUTCOME_QUERIES) page: PageRequest,
  ) {
    return this.outcomes.list(principal, name, page);
  }

  @Post(':sequence_id/contacts')
  @RequireScope('sequences', 'write')
  @Answers(201, StartedSequenceRun, 'Add contacts to a sequence', {
    description:
      'To a continuous one. Unknown addresses and numbers become contacts; who does not fit the filter, or has begun ' +
      `the sequence before, is passed by. ${NEEDS}`,
    refusals: [409],
  })
  @Idempotent()
  addContacts(
    @CurrentPrincipal() principal: Principal,
    @Param('sequence_id') name: string,
    @Body() dto: AddContactsDto,
  ): Promise<StartedSequenceRun> {
    return this.contacts.add(principal, name, dto);
  }
}
