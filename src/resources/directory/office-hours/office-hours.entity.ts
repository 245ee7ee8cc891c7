import { ArrayMaxSize, ArrayMinSize, IsArray } from 'class-validator';
import { Column, Entity, ForeignKey } from 'typeorm';
import { OrgRow } from '../../../core/database/base.entity.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import { IsTimeZone, NestedList } from '../../../core/validation/decorators.js';
import { Name } from '../../../core/validation/name.js';
import { Field } from '../../../core/wire/field.js';
import { listOf } from '../../../core/wire/schema.js';
import { Shift, StoredShift } from './shift.js';

/** A weekly schedule. */
@Entity('office_hours')
export class OfficeHours extends OrgRow {
  @ForeignKey(() => Org, { name: 'office_hours_org_fk' })
  override org_id: string;

  @Column('text')
  @Name(100)
  name: string;

  @Column('text')
  @IsTimeZone()
  iana_timezone: string;

  @Column('jsonb')
  @NestedList(() => Shift)
  @ArrayMaxSize(50)
  @ArrayMinSize(1)
  @IsArray()
  @Field(listOf(StoredShift))
  shifts: Shift[];
}
