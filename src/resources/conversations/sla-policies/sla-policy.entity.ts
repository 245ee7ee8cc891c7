import { IsBoolean, IsInt, IsObject, Max, Min } from 'class-validator';
import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow } from '../../../core/database/base.entity.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import { Id, Nested, Text } from '../../../core/validation/decorators.js';
import { Name } from '../../../core/validation/name.js';
import { Field } from '../../../core/wire/field.js';
import { OfficeHours } from '../../directory/office-hours/office-hours.entity.js';
import { CONDITIONS, SlaConditions, SlaTargets, TARGETS } from './sla-policy.dto.js';

const POSITION_MAX = 1_000_000;

/** Targets for the first reply and the resolution. The first active policy by position that matches a session applies. */
@Entity('sla_policies')
@Index('sla_policies_org_name', ['org_id', 'name'], { unique: true })
@Index('sla_policies_org_position', ['org_id', 'position', 'id'])
@Index('sla_policies_office_hours', ['org_id', 'office_hours_id'])
@ForeignKey(() => OfficeHours, ['org_id', 'office_hours_id'], ['org_id', 'id'], {
  name: 'sla_policies_office_hours_fk',
})
export class SlaPolicy extends OrgRow {
  @ForeignKey(() => Org, { name: 'sla_policies_org_fk' })
  override org_id: string;

  @Column('text')
  @Name(100)
  name: string;

  @Column('text', { nullable: true })
  @Text(0, 500)
  description: string | null;

  @Column('jsonb')
  @Nested(() => SlaTargets)
  @IsObject()
  @Field(TARGETS)
  targets: SlaTargets;

  @Column('jsonb', { default: {} })
  @Nested(() => SlaConditions)
  @IsObject()
  @Field(CONDITIONS)
  conditions: SlaConditions;

  /** Null: around the clock. */
  @Column('uuid', { nullable: true })
  @Id()
  office_hours_id: string | null;

  @Column('boolean', { default: true })
  @IsBoolean()
  is_active: boolean;

  @Column('integer', { default: 0 })
  @Max(POSITION_MAX)
  @Min(-POSITION_MAX)
  @IsInt()
  position: number;
}
