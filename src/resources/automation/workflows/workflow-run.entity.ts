import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../../core/database/base.entity.js';
import { About, Field } from '../../../core/wire/field.js';
import { oneOf } from '../../../core/wire/schema.js';
import { TRIGGER_CAUSES, type TriggerCause } from './triggers.js';
import { WorkflowVersion } from './workflow-version.entity.js';

export const RUN_STATUSES = ['idle', 'in_progress', 'completed', 'failed', 'canceled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** One execution of a workflow version: its trigger and its outcome. */
@Entity('workflow_runs')
@Index('workflow_runs_workflow', ['org_id', 'workflow_uuid', 'id'])
@Index('workflow_runs_version', ['org_id', 'version_id'])
@Index('workflow_runs_ended', ['run_ended_at'])
@ForeignKey(() => WorkflowVersion, ['org_id', 'version_id'], ['org_id', 'id'], {
  name: 'workflow_runs_version_fk',
  onDelete: 'CASCADE',
})
export class WorkflowRun {
  @PrimaryColumn('uuid', { select: false })
  org_id: string;

  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { select: false })
  workflow_uuid: string;

  @Column('bigint', { select: false })
  version_id: string;

  @Column('text', { default: 'idle' })
  @Field(oneOf(RUN_STATUSES))
  status: RunStatus;

  @Column('text')
  @Field(oneOf(TRIGGER_CAUSES))
  trigger_cause: TriggerCause;

  /** Value of `{{trigger}}`: the webhook's body, or the event. */
  @Column('jsonb', { select: false })
  trigger: unknown;

  @About('Of a failed run, at which block it failed, and why.')
  @Column('text', { nullable: true })
  error: string | null;

  @About('False.', { storedOnly: 'No run of this server is a test.' })
  @Column('boolean', { default: false })
  is_test_run: boolean;

  @Column({ ...TIMESTAMP, nullable: true })
  run_started_at: Date | null;

  @Column({ ...TIMESTAMP, nullable: true })
  run_ended_at: Date | null;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;
}
