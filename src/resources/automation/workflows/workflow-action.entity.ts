import { Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Action } from '../actions/action.entity.js';
import { WorkflowRecord } from './workflow-record.entity.js';

/** An action that the active version of a workflow names. It can't be deleted. */
@Entity('workflow_actions')
@ForeignKey(() => WorkflowRecord, ['org_id', 'workflow_id'], ['org_id', 'id'], {
  name: 'workflow_actions_workflow_fk',
  onDelete: 'CASCADE',
})
@ForeignKey(() => Action, ['org_id', 'action_id'], ['org_id', 'id'], { name: 'workflow_actions_action_fk' })
@Index('workflow_actions_action', ['org_id', 'action_id'])
export class WorkflowAction {
  @PrimaryColumn('uuid')
  org_id: string;

  @PrimaryColumn('uuid')
  workflow_id: string;

  @PrimaryColumn('uuid')
  action_id: string;
}
