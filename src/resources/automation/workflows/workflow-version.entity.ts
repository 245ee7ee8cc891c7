import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn, UpdateDateColumn } from 'typeorm';
import type { AuditParty } from '../../../kit/audit/audit.dto.js';
import { TIMESTAMP } from '../../../core/database/base.entity.js';
import type { Block } from './block.js';
import type { TriggerType } from './triggers.js';
import type { TriggerConfiguration } from './workflow.dto.js';
import { WorkflowRecord } from './workflow-record.entity.js';

/** A version of a workflow. An edit creates a new one, so it does not change what was activated. */
@Entity('workflow_versions')
@Index('workflow_versions_number', ['org_id', 'workflow_id', 'version_number'], { unique: true })
@ForeignKey(() => WorkflowRecord, ['org_id', 'workflow_id'], ['org_id', 'id'], {
  name: 'workflow_versions_workflow_fk',
  onDelete: 'CASCADE',
})
export class WorkflowVersion {
  @PrimaryColumn('uuid')
  org_id: string;

  /** Rising within the org. A string, because the driver returns bigint as text. */
  @PrimaryColumn('bigint')
  id: string;

  @Column('uuid')
  workflow_id: string;

  /** Sequence within the workflow. */
  @Column('integer')
  version_number: number;

  @Column('text')
  name: string;

  @Column('text', { nullable: true })
  description: string | null;

  @Column('text')
  trigger_type: TriggerType;

  @Column('jsonb', { nullable: true })
  trigger_configuration: TriggerConfiguration | null;

  @Column('jsonb')
  workflow_blocks: Block[];

  /** The principal of the last activation. Null: never activated, or before this was recorded. */
  @Column('jsonb', { nullable: true })
  activated_by: AuditParty | null;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;

  /** Time of creation, or of the last activation or deactivation. */
  @UpdateDateColumn(TIMESTAMP)
  updated_at: Date;
}
