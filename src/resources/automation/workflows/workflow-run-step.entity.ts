import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../../core/database/base.entity.js';
import { WorkflowRun } from './workflow-run.entity.js';

/** A block of a run that was executed. With a result it is completed, and is not executed again. */
@Entity('workflow_run_steps')
@ForeignKey(() => WorkflowRun, ['org_id', 'run_id'], ['org_id', 'id'], {
  name: 'workflow_run_steps_run_fk',
  onDelete: 'CASCADE',
})
export class WorkflowRunStep {
  @PrimaryColumn('uuid')
  org_id: string;

  @PrimaryColumn('uuid')
  run_id: string;

  /** Id of the block. */
  @PrimaryColumn('text')
  step_id: string;

  /** The order of execution. */
  @Column('integer')
  position: number;

  @Column('jsonb', { nullable: true })
  result: object | null;

  /** Of the last attempt. */
  @Column('text', { nullable: true })
  error: string | null;

  /** The first attempt. */
  @Column(TIMESTAMP)
  started_at: Date;

  /** The last attempt. */
  @Column(TIMESTAMP)
  ended_at: Date;
}
