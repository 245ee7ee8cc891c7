import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { AuditParty } from '../../../kit/audit/audit.dto.js';
import { OrgRow, TIMESTAMP } from '../../../core/database/base.entity.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import { About, Field } from '../../../core/wire/field.js';
import { listOf, nullable, oneOf } from '../../../core/wire/schema.js';
import { FILTER, type SequenceFilter } from './sequence-filter.js';
import { type SequenceStep, STEP } from './sequence-steps.js';

export const SEQUENCE_STATUSES = ['pending', 'active', 'complete', 'canceled'] as const;
export type SequenceStatus = (typeof SEQUENCE_STATUSES)[number];

/** Steps for contacts: for all that match when it starts, or, if it is continuous, for each one that is added. */
@Entity('sequences')
@Index('sequences_org_custom_id', ['org_id', 'custom_id'], { unique: true, where: 'custom_id IS NOT NULL' })
@Index('sequences_org_status', ['org_id', 'status', 'id'])
export class Sequence extends OrgRow {
  @ForeignKey(() => Org, { name: 'sequences_org_fk' })
  override org_id: string;

  @Column('text')
  name: string;

  @About('By which it can be named in paths too.')
  @Column('text', { nullable: true })
  custom_id: string | null;

  @About('Null: all contacts.')
  @Column('jsonb', { nullable: true })
  @Field(nullable(FILTER))
  filter: SequenceFilter | null;

  @Column('jsonb')
  @Field(listOf(STEP))
  steps: SequenceStep[];

  @Column('boolean')
  is_continuous: boolean;

  @Column('text', { default: 'pending' })
  @Field(oneOf(SEQUENCE_STATUSES))
  status: SequenceStatus;

  @Column({ ...TIMESTAMP, nullable: true })
  started_at: Date | null;

  @About('Who started it, or added its first contacts; null until then, or where it is not known.')
  @Column('jsonb', { nullable: true })
  @Field(nullable(AuditParty))
  started_by: AuditParty | null;

  @Column({ ...TIMESTAMP, nullable: true })
  canceled_at: Date | null;

  @Column({ ...TIMESTAMP, nullable: true })
  ended_at: Date | null;
}
