import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import type { PreparedRead } from '../../../core/database/fast-lane/fast-lane.js';
import { instantAsText, rowAsJson } from '../../../core/database/row-as-json.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { notFound } from '../../../core/errors/core-errors.js';
import { isAnyOf, type Filters } from '../../../kit/lists/filters.js';
import type { PageRequest } from '../../../kit/lists/list-queries.js';
import { PreparedPages } from '../../../kit/lists/prepared-pages.js';
import { defineJob } from '../../../core/jobs/job.js';
import { Jobs } from '../../../core/jobs/jobs.service.js';
import { About, Field } from '../../../core/wire/field.js';
import { INTEGER, listOf, nullable, oneOf, TEXT } from '../../../core/wire/schema.js';
import { TRIGGER_CAUSES, type TriggerCause } from './triggers.js';
import { RUN_STATUSES, WorkflowRun } from './workflow-run.entity.js';
import type { Page, Wire, WireJson } from '../../../core/wire/wire-json.js';

export type RunKey = Pick<WorkflowRun, 'org_id' | 'id'>;

/** Executes one run. */
export const WORKFLOW_RUN = defineJob<RunKey>({
  name: 'workflow-run',
  retries: 8,
  retryAfterSeconds: 5,
  secondsMax: 900,
  atOnce: 8,
});

export const RUN_FILTERS: Filters = {
  status: isAnyOf('status', RUN_STATUSES),
  trigger_cause: isAnyOf('trigger_cause', TRIGGER_CAUSES),
};

const OUTPUT_CHARACTERS_MAX = 16_384;

/** A run in responses. */
export class Run extends WorkflowRun {
  @Field({ ...INTEGER, description: 'Of the version that runs: the `id` of a Workflow.' })
  workflow_id: number;

  @Field(nullable({ type: 'number' }))
  duration_in_seconds: number | null;
}

/** A block of a run in responses. */
export class RunStep {
  @About('Of the block.')
  @Field()
  id: string;

  @About('`retrying`: the last attempt failed, and another one follows.')
  @Field(oneOf(['completed', 'failed', 'retrying']))
  status: string;

  @About('When the first attempt began.')
  @Field()
  started_at: Date;

  @About('When the last attempt ended.')
  @Field()
  ended_at: Date;

  @About(
    `What later blocks can refer to. Above ${OUTPUT_CHARACTERS_MAX} characters of JSON it is cut, and is a string.`,
  )
  @Field({ type: ['object', 'string', 'null'], additionalProperties: true })
  output: object | string | null;

  @Field(nullable(TEXT))
  error: string | null;
}

/** A run with its steps, which lists omit because of their size. */
export class WholeRun extends Run {
  @About('The executed blocks, in this order. A block of a branch that was not taken is missing.')
  @Field(listOf(RunStep))
  steps: RunStep[];
}

const STEPS = `
  SELECT coalesce(json_agg(json_build_object(
    'id', step_id,
    'status', CASE WHEN result IS NOT NULL THEN 'completed' WHEN run_ended_at IS NULL THEN 'retrying' ELSE 'failed' END,
    'started_at', ${instantAsText('step.started_at')}, 'ended_at', ${instantAsText('step.ended_at')},
    'output', CASE WHEN length(result::text) > ${OUTPUT_CHARACTERS_MAX}
      THEN to_jsonb(left(result::text, ${OUTPUT_CHARACTERS_MAX})) ELSE result END,
    'error', step.error) ORDER BY position), '[]')
  FROM workflow_run_steps step WHERE step.org_id = workflow_runs.org_id AND run_id = workflow_runs.id`;

/** The active version of a workflow. */
export interface RunnableVersion {
  readonly workflow_id: string;
  readonly version_id: string;
}

@Injectable()
export class WorkflowRuns {
  readonly #pages: PreparedPages<Run>;
  readonly #read: PreparedRead;

  constructor(
    database: Database,
    private readonly jobs: Jobs,
  ) {
    const metadata = database.dataSource.getMetadata(WorkflowRun);
    const computed = {
      workflow_id: 'SELECT workflow_runs.version_id',
      duration_in_seconds: `SELECT extract(epoch FROM run_ended_at - run_started_at)::float8`,
    };
    const item = rowAsJson(metadata, computed);
    const within = { table: 'workflows', column: 'workflow_uuid' };
    this.#pages = new PreparedPages(database, { table: 'workflow_runs', item, filters: RUN_FILTERS, within });
    const whole = rowAsJson(metadata, { ...computed, steps: STEPS });
    const read = `SELECT ${whole} FROM workflow_runs WHERE org_id = $1 AND id = $2 AND workflow_uuid = $3`;
    this.#read = database.reads.prepare('workflow_runs.read', read);
  }

  /** @throws AppError not_found (404) for the workflow */
  async list({ orgId }: Principal, workflowId: string, page: PageRequest): Promise<WireJson<Page<Wire<Run>>>> {
    const runs = await this.#pages.readWithin(orgId, workflowId, page);
    if (runs === undefined) throw notFound('Workflow');
    return runs;
  }

  /** @throws AppError not_found (404) */
  async read({ orgId }: Principal, workflowId: string, id: string): Promise<WireJson<Wire<WholeRun>>> {
    const run = await this.#read.json<Wire<WholeRun>>([orgId, id, workflowId]);
    if (run === undefined) throw notFound('Workflow run');
    return run;
  }

  /**
   * Creates a run and enqueues its job in the transaction.
   * @param trigger the value of `{{trigger}}`
   * @returns the run's id
   */
  async start(
    manager: EntityManager,
    orgId: string,
    { workflow_id, version_id }: RunnableVersion,
    cause: TriggerCause,
    trigger: unknown,
  ): Promise<string> {
    const key = { org_id: orgId, id: uuidV7() };
    const sql = `INSERT INTO workflow_runs (org_id, id, workflow_uuid, version_id, trigger_cause, trigger)
      VALUES ($1, $2, $3, $4, $5, $6)`;
    await manager.query(sql, [orgId, key.id, workflow_id, version_id, cause, JSON.stringify(trigger)]);
    await this.jobs.enqueue(manager, WORKFLOW_RUN, key);
    return key.id;
  }
}
