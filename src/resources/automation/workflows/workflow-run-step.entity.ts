import { Column, CreateDateColumn, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../../core/database/base.entity.js';
import { WorkflowRun } from './workflow-run.entity.js';

/** A completed block of a run and its result. It is not executed again. */
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

  @Column('jsonb')
  result: object;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;
}
