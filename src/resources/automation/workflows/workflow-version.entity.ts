import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn, UpdateDateColumn } from 'typeorm';
import type { AuditParty } from '../../../kit/audit/audit.dto.js';
import { TIMESTAMP } from '../../../core/database/base.entity.js';
import type { Block } from './block.js';
import type { TriggerType } from './triggers.js';
import type { TriggerConfiguration } from './workflow.dto.js';
import { WorkflowRecord } from './workflow-record.entity.js';

/** A workflow as it was at one time: a change makes another one, so that what runs stays what was activated. */
@Entity('workflow_versions')
@Index('workflow_versions_number', ['org_id', 'workflow_id', 'version_number'], { unique: true })
@ForeignKey(() => WorkflowRecord, ['org_id', 'workflow_id'], ['org_id', 'id'], {
  name: 'workflow_versions_workflow_fk',
  onDelete: 'CASCADE',
})
export class WorkflowVersion {
  @PrimaryColumn('uuid')
  org_id: string;

  /** Counts up over all orgs; as text, as Postgres sends eight bytes. */
  @PrimaryColumn('bigint', { generated: 'identity', generatedIdentity: 'ALWAYS' })
  id: string;

  @Column('uuid')
  workflow_id: string;

  /** Counts up within the workflow. */
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

  /** Who approved what it does, when it last began to run; null: it never did, or before this was kept. */
  @Column('jsonb', { nullable: true })
  activated_by: AuditParty | null;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;

  /** When it was made, or last began or ceased to run. */
  @UpdateDateColumn(TIMESTAMP)
  updated_at: Date;
}
