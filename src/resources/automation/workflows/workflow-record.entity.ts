import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow } from '../../../core/database/base.entity.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import type { AwaitedEvent, TriggerType } from './triggers.js';

/** What the versions of a workflow have in common, and which of them runs. */
@Entity('workflows')
@Index('workflows_webhook_token', ['webhook_token'], { unique: true })
@Index('workflows_org_trigger_type', ['org_id', 'trigger_type', 'id'])
@Index('workflows_awaiting', ['org_id', 'awaited_event'], { where: 'awaited_event IS NOT NULL' })
export class WorkflowRecord extends OrgRow {
  @ForeignKey(() => Org, { name: 'workflows_org_fk' })
  override org_id: string;

  /** Made with it, whatever sets it off, so that its URL never changes. */
  @Column('text', { select: false })
  webhook_token: string;

  /** The latest version's. */
  @Column('text')
  trigger_type: TriggerType;

  @Column('integer', { default: 1 })
  latest_version: number;

  @Column('integer', { nullable: true })
  active_version: number | null;

  /** Of the active version, what sets it off; null: a call, or nothing. A cached key of the org knows it. */
  @Column('text', { nullable: true })
  awaited_event: AwaitedEvent | null;
}
