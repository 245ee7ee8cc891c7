import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow } from '../../../core/database/base.entity.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import type { AwaitedEvent, TriggerType } from './triggers.js';

/** A workflow: the data that its versions share, and the active version. */
@Entity('workflows')
@Index('workflows_webhook_token', ['webhook_token'], { unique: true })
@Index('workflows_awaiting', ['org_id', 'awaited_event'], { where: 'awaited_event IS NOT NULL' })
export class WorkflowRecord extends OrgRow {
  @ForeignKey(() => Org, { name: 'workflows_org_fk' })
  override org_id: string;

  /** Created with the workflow, whatever its trigger, so that the URL never changes. */
  @Column('text', { select: false })
  webhook_token: string;

  /** Of the latest version. */
  @Column('text')
  trigger_type: TriggerType;

  @Column('integer', { default: 1 })
  latest_version: number;

  @Column('integer', { nullable: true })
  active_version: number | null;

  /** The event that triggers the active version. Null: a webhook, or none is active. Cached with the org's keys. */
  @Column('text', { nullable: true })
  awaited_event: AwaitedEvent | null;
}
