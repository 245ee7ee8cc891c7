import type { Resource } from '../../../kit/crud/define-resource.js';
import { BLOCK_EXECUTORS } from './blocks/block-executors.js';
import { RunWorker } from './run-worker.js';
import { WorkflowAccessPortsModule } from './access-ports.module.js';
import { WorkflowAction } from './workflow-action.entity.js';
import { WorkflowRecord } from './workflow-record.entity.js';
import { WorkflowRunStep } from './workflow-run-step.entity.js';
import { WorkflowRun } from './workflow-run.entity.js';
import { WorkflowRuns } from './workflow-runs.service.js';
import { WorkflowTriggers } from './workflow-triggers.service.js';
import { WorkflowVersionCounter } from './workflow-version-counter.entity.js';
import { WorkflowVersion } from './workflow-version.entity.js';
import { STEP_BODIES } from './workflow-redaction.js';
import { WorkflowsController } from './workflows.controller.js';
import { Workflows } from './workflows.service.js';

export const workflows: Resource = {
  entities: [WorkflowRecord, WorkflowVersion, WorkflowVersionCounter, WorkflowAction, WorkflowRun, WorkflowRunStep],
  controllers: [WorkflowsController],
  providers: [Workflows, WorkflowRuns, WorkflowTriggers, RunWorker, ...BLOCK_EXECUTORS],
  imports: [WorkflowAccessPortsModule],
  redaction: [STEP_BODIES],
  // Long enough to investigate failed runs. Deleting a run deletes its steps.
  retention: [{ table: 'workflow_runs', isOver: `run_ended_at < now() - interval '90 days'` }],
};
