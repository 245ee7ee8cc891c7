import { Body, Controller, Delete, Get, Param, Patch, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { PublicOrRequireScope, RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { principalOf } from '../../../access/principal/request.js';
import { type Caller, callerOf, CurrentCaller } from '../../../kit/audit/actor.js';
import { Idempotency } from '../../../kit/idempotency/idempotency.js';
import { ListQueries } from '../../../kit/lists/list-queries.js';
import { sendJson } from '../../../kit/crud/send-json.js';
import { AnyJson, TakesAnyJson } from '../../../core/wire/any-json.js';
import { Answers, AnswersNothing, AnswersPage } from '../../../core/wire/answers.js';
import { Field } from '../../../core/wire/field.js';
import { UUID } from '../../../core/wire/schema.js';
import { CreateWorkflowDto, UpdateWorkflowDto, Workflow, SetWorkflowVersionDto } from './workflow.dto.js';
import { Run, RUN_FILTERS, WorkflowRuns } from './workflow-runs.service.js';
import { WorkflowTriggers } from './workflow-triggers.service.js';
import { WORKFLOW_FILTERS, Workflows } from './workflows.service.js';

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
    private readonly idempotency: Idempotency,
  ) {}

  @Get()
  @RequireScope('workflows', 'read')
  @AnswersPage(Workflow, 'List workflows', { query: QUERIES.dto, description: 'Each by its latest version.' })
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    sendJson(reply, await this.workflows.list(principalOf(request), QUERIES.judge(request)));
  }

  @Post()
  @RequireScope('workflows', 'write')
  @Answers(201, Workflow, 'Create a workflow', { once: true, description: `It runs once it is activated. ${NEEDS}` })
  async create(@Req() request: FastifyRequest, @Body() dto: CreateWorkflowDto, @Res() reply: FastifyReply) {
    const { principal, actor } = callerOf(request);
    const create = () => this.workflows.create(principal, actor, dto);
    sendJson(reply, await this.idempotency.once(request, create));
  }

  @Get(':workflow_id')
  @RequireScope('workflows', 'read')
  @Answers(200, Workflow, 'Get a workflow', { description: 'Its latest version.' })
  async read(@CurrentPrincipal() principal: Principal, @Param('workflow_id') id: string, @Res() reply: FastifyReply) {
    sendJson(reply, await this.workflows.read(principal, id));
  }

  @Patch(':workflow_id')
  @RequireScope('workflows', 'write')
  @Answers(200, Workflow, 'Make a new version of a workflow', {
    description: `The active one keeps running until the new one is activated. ${NEEDS}`,
  })
  async edit(
    @CurrentCaller() { principal, actor }: Caller,
    @Param('workflow_id') id: string,
    @Body() dto: UpdateWorkflowDto,
    @Res() reply: FastifyReply,
  ) {
    sendJson(reply, await this.workflows.edit(principal, actor, id, dto));
  }

  @Post(':workflow_id/activate')
  @RequireScope('workflows', 'write')
  @Answers(200, Workflow, 'Let a version of a workflow run', { description: NEEDS })
  async activate(
    @CurrentCaller() { principal, actor }: Caller,
    @Param('workflow_id') id: string,
    @Body() { version_number }: SetWorkflowVersionDto,
    @Res() reply: FastifyReply,
  ) {
    sendJson(reply, await this.workflows.activate(principal, actor, id, version_number));
  }

  @Post(':workflow_id/deactivate')
  @RequireScope('workflows', 'write')
  @Answers(200, Workflow, 'Let a workflow run no more', { description: 'Runs that have begun go on.' })
  async deactivate(
    @CurrentCaller() { principal, actor }: Caller,
    @Param('workflow_id') id: string,
    @Body() { version_number }: SetWorkflowVersionDto,
    @Res() reply: FastifyReply,
  ) {
    sendJson(reply, await this.workflows.deactivate(principal, actor, id, version_number));
  }

  @Delete(':workflow_id')
  @RequireScope('workflows', 'write')
  @AnswersNothing('Delete a workflow, its versions and its runs')
  async delete(@CurrentCaller() { principal, actor }: Caller, @Param('workflow_id') id: string) {
    await this.workflows.delete(principal, actor, id);
  }

  @Get(':workflow_id/runs')
  @RequireScope('workflows', 'read')
  @AnswersPage(Run, 'List the runs of a workflow', { query: RUN_QUERIES.dto })
  async listRuns(@Req() request: FastifyRequest, @Param('workflow_id') id: string, @Res() reply: FastifyReply) {
    sendJson(reply, await this.runs.list(principalOf(request), id, RUN_QUERIES.judge(request)));
  }

  @Get(':workflow_id/runs/:run_id')
  @RequireScope('workflows', 'read')
  @Answers(200, Run, 'Get a run of a workflow')
  async readRun(
    @CurrentPrincipal() principal: Principal,
    @Param('workflow_id') id: string,
    @Param('run_id') runId: string,
    @Res() reply: FastifyReply,
  ) {
    sendJson(reply, await this.runs.read(principal, id, runId));
  }

  @Post('webhooks/:webhook_token')
  @PublicOrRequireScope('workflows', 'trigger')
  @TakesAnyJson(WEBHOOK_BYTES_MAX)
  @Answers(202, StartedRun, 'Call a webhook', {
    once: true,
    description: 'Needs a key unless the workflow says that its access is `public`. It runs behind the answer.',
  })
  call(@Req() request: FastifyRequest, @Param('webhook_token') token: string, @AnyJson() body: unknown) {
    return this.idempotency.once(request, () => this.triggers.call(principalOf(request), token, body));
  }
}
