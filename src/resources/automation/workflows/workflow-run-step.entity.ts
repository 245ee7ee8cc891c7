import { Column, CreateDateColumn, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../../core/database/base.entity.js';
import { WorkflowRun } from './workflow-run.entity.js';

/** A block of a run that is done, with what came of it: it is never done again. */
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

  /** The block's id. */
  @PrimaryColumn('text')
  step_id: string;

  @Column('jsonb')
  result: object;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;
}
