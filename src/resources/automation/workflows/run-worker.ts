import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import { Database } from '../../../core/database/database.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { DomainEventBus } from '../../../kit/domain-events/domain-event-bus.js';
import { Jobs } from '../../../core/jobs/jobs.service.js';
import { LOG, type Log } from '../../../core/logging/log.js';
import type { Block } from './block.js';
import { RetryableStepError } from './blocks/block-executor.js';
import { BlockExecutors } from './blocks/block-executors.js';
import { messageOf, RunFailure, RunningBlocks } from './running-blocks.js';
import { type EventIds, withFacts } from '../event-facts/event-facts.js';
import type { RunStatus, WorkflowRun } from './workflow-run.entity.js';
import { type RunKey, WORKFLOW_RUN } from './workflow-runs.service.js';
import { WorkflowRunStep } from './workflow-run-step.entity.js';

/** A run that has not ended. */
interface OpenRun extends Pick<WorkflowRun, 'org_id' | 'id' | 'trigger_cause' | 'trigger'> {
  readonly workflow_blocks: readonly Block[];
  /** The org is archived or its partner inactive. */
  readonly is_stopped: boolean;
}

const BEGIN = `
  UPDATE workflow_runs SET status = 'in_progress', run_started_at = coalesce(run_started_at, now())
  FROM workflow_versions version, orgs LEFT JOIN partners ON partners.id = orgs.partner_id
  WHERE workflow_runs.org_id = $1 AND workflow_runs.id = $2 AND workflow_runs.status IN ('idle', 'in_progress')
    AND version.org_id = workflow_runs.org_id AND version.id = version_id AND orgs.id = workflow_runs.org_id
  RETURNING workflow_runs.org_id, workflow_runs.id, trigger_cause, trigger, workflow_blocks,
    archived_at IS NOT NULL OR partners.is_active IS FALSE AS is_stopped`;
const SAVE_ERROR = `
  UPDATE workflow_runs SET error = $3 WHERE org_id = $1 AND id = $2 AND status = 'in_progress'`;
const END = `
  UPDATE workflow_runs SET status = $3, error = $4, run_ended_at = now(), run_started_at = coalesce(run_started_at, now())
  WHERE org_id = $1 AND id = $2 AND status IN ('idle', 'in_progress') RETURNING workflow_uuid`;
const READ_ERROR = `SELECT error FROM workflow_runs WHERE org_id = $1 AND id = $2`;

/** Executes runs, in any process. After a crash, a run continues after its last recorded step. */
@Injectable()
export class RunWorker implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly events: DomainEventBus,
    private readonly executors: BlockExecutors,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(WORKFLOW_RUN, {
      run: (key, signal) => this.#run(key, signal),
      giveUp: (key) => this.#giveUp(key),
    });
  }

  async #run(key: RunKey, signal: AbortSignal): Promise<void> {
    const values = [key.org_id, key.id];
    // TypeORM returns the rows of an UPDATE and their number.
    const [[run]] = (await this.database.manager.query(BEGIN, values)) as [OpenRun[], number];
    // The workflow was deleted, or an earlier attempt ended the run and crashed before its job completed.
    if (run === undefined) return;
    if (run.is_stopped) return this.#end(key, 'canceled', 'The org is no longer served.');
    const blocks = new RunningBlocks(this.database, this.executors, key, await this.#known(run), signal);
    try {
      await blocks.do(run.workflow_blocks);
    } catch (error) {
      if (error instanceof RunFailure) return this.#end(key, 'failed', messageOf(error));
      if (error instanceof RetryableStepError)
        await this.database.manager.query(SAVE_ERROR, [...values, messageOf(error)]);
      throw error;
    }
    await this.#end(key, 'completed', null);
  }

  /** Values that references can resolve to so far. */
  async #known({ org_id, id, trigger, trigger_cause }: OpenRun): Promise<Map<string, unknown>> {
    const { manager } = this.database;
    const steps = await manager.findBy(WorkflowRunStep, { org_id, run_id: id, result: Not(IsNull()) });
    const isEvent = trigger_cause === 'automatic';
    const known = new Map<string, unknown>(steps.map(({ step_id, result }) => [step_id, result]));
    return known.set('trigger', isEvent ? await withFacts(manager, org_id, trigger as EventIds) : trigger);
  }

  async #giveUp(key: RunKey): Promise<void> {
    const [run] = (await this.database.manager.query(READ_ERROR, [key.org_id, key.id])) as { error: string | null }[];
    await this.#end(key, 'failed', run?.error ?? 'A step failed at every try.');
  }

  async #end({ org_id, id }: RunKey, status: RunStatus, error: string | null): Promise<void> {
    await inTransaction(this.database.dataSource, async (manager) => {
      const [[ended]] = (await manager.query(END, [org_id, id, status, error])) as [
        { workflow_uuid: string }[],
        number,
      ];
      if (ended === undefined || status === 'canceled') return;
      const name = status === 'completed' ? 'workflow.run.succeeded' : 'workflow.run.failed';
      await this.events.emit(manager, { name, orgId: org_id, workflowId: ended.workflow_uuid, runId: id });
    });
    this.log.info({ run: id, status }, 'a workflow run has ended');
  }
}
