import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { PublicOrRequireScope, RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { type Caller, CurrentCaller } from '../../../kit/audit/actor.js';
import { ListQueries, type PageRequest } from '../../../kit/lists/list-queries.js';
import { AnyJson, TakesAnyJson } from '../../../core/wire/any-json.js';
import { Answers, AnswersNothing, AnswersPage } from '../../../core/wire/answers.js';
import { Field } from '../../../core/wire/field.js';
import { UUID } from '../../../core/wire/schema.js';
import { CreateWorkflowDto, UpdateWorkflowDto, Workflow, SetWorkflowVersionDto } from './workflow.dto.js';
import { Run, RUN_FILTERS, WholeRun, WorkflowRuns } from './workflow-runs.service.js';
import { WorkflowTriggers } from './workflow-triggers.service.js';
import { WORKFLOW_FILTERS, Workflows } from './workflows.service.js';
import { Id } from '../../../kit/crud/id.js';
import { ReadQuery } from '../../../core/wire/query-reader.js';
import { Idempotent } from '../../../kit/idempotency/idempotent.js';

const QUERIES = new ListQueries(WORKFLOW_FILTERS);
const RUN_QUERIES = new ListQueries(RUN_FILTERS);
const WEBHOOK_BYTES_MAX = 256 * 1024;

const NEEDS = 'The key also needs the scopes of what the blocks do, and of what they refer to.';

class StartedRun {
  @Field(UUID)
  run_id: string;
}

@Controller('workflows')
export class WorkflowsController {
  constructor(
    private readonly workflows: Workflows,
    private readonly runs: WorkflowRuns,
    private readonly triggers: WorkflowTriggers,
  ) {}

  @Get()
  @RequireScope('workflows', 'read')
  @AnswersPage(Workflow, 'List workflows', { description: 'Each by its latest version.' })
  list(@CurrentPrincipal() principal: Principal, @ReadQuery(QUERIES) page: PageRequest) {
    return this.workflows.list(principal, page);
  }

  @Post()
  @RequireScope('workflows', 'write')
  @Answers(201, Workflow, 'Create a workflow', { description: `It runs once it is activated. ${NEEDS}` })
  @Idempotent()
  create(@CurrentCaller() { principal, actor }: Caller, @Body() dto: CreateWorkflowDto) {
    return this.workflows.create(principal, actor, dto);
  }

  @Get(':workflow_id')
  @RequireScope('workflows', 'read')
  @Answers(200, Workflow, 'Get a workflow', { description: 'Its latest version.' })
  read(@CurrentPrincipal() principal: Principal, @Id('workflow_id') id: string) {
    return this.workflows.read(principal, id);
  }

  @Patch(':workflow_id')
  @RequireScope('workflows', 'write')
  @Answers(200, Workflow, 'Make a new version of a workflow', {
    description: `The active one keeps running until the new one is activated. ${NEEDS}`,
  })
  edit(@CurrentCaller() { principal, actor }: Caller, @Id('workflow_id') id: string, @Body() dto: UpdateWorkflowDto) {
    return this.workflows.edit(principal, actor, id, dto);
  }

  @Post(':workflow_id/activate')
  @RequireScope('workflows', 'write')
  @Answers(200, Workflow, 'Let a version of a workflow run', { description: NEEDS })
  activate(
    @CurrentCaller() { principal, actor }: Caller,
    @Id('workflow_id') id: string,
    @Body() { version_number }: SetWorkflowVersionDto,
  ) {
    return this.workflows.activate(principal, actor, id, version_number);
  }

  @Post(':workflow_id/deactivate')
  @RequireScope('workflows', 'write')
  @Answers(200, Workflow, 'Let a workflow run no more', { description: 'Runs that have begun go on.' })
  deactivate(
    @CurrentCaller() { principal, actor }: Caller,
    @Id('workflow_id') id: string,
    @Body() { version_number }: SetWorkflowVersionDto,
  ) {
    return this.workflows.deactivate(principal, actor, id, version_number);
  }

  @Delete(':workflow_id')
  @RequireScope('workflows', 'write')
  @AnswersNothing('Delete a workflow, its versions and its runs')
  async delete(@CurrentCaller() { principal, actor }: Caller, @Id('workflow_id') id: string) {
    await this.workflows.delete(principal, actor, id);
  }

  @Get(':workflow_id/runs')
  @RequireScope('workflows', 'read')
  @AnswersPage(Run, 'List the runs of a workflow')
  listRuns(
    @CurrentPrincipal() principal: Principal,
    @Id('workflow_id') id: string,
    @ReadQuery(RUN_QUERIES) page: PageRequest,
  ) {
    return this.runs.list(principal, id, page);
  }

  @Get(':workflow_id/runs/:run_id')
  @RequireScope('workflows', 'read')
  @Answers(200, WholeRun, 'Get a run of a workflow with its steps')
  readRun(@CurrentPrincipal() principal: Principal, @Id('workflow_id') id: string, @Id('run_id') runId: string) {
    return this.runs.read(principal, id, runId);
  }

  @Post('webhooks/:webhook_token')
  @PublicOrRequireScope('workflows', 'trigger')
  @TakesAnyJson(WEBHOOK_BYTES_MAX)
  @Answers(202, StartedRun, 'Call a webhook', {
    description: 'Needs a key unless the workflow says that its access is `public`. It runs behind the answer.',
  })
  @Idempotent()
  call(@CurrentPrincipal() principal: Principal, @Param('webhook_token') token: string, @AnyJson() body: unknown) {
    return this.triggers.call(principal, token, body);
  }
}
