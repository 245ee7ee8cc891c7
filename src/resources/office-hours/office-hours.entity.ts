import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, ValidateNested } from 'class-validator';
import { Column, Entity, ForeignKey } from 'typeorm';
import { OrgRow } from '../../database/base.entity.js';
import { Org } from '../../orgs/org.entity.js';
import { IsTimeZone } from '../../validation/decorators.js';
import { Name } from '../../validation/name.js';
import { Field } from '../../wire/field.js';
import { listOf } from '../../wire/schema.js';
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
  @ValidateNested({ each: true })
  @Type(() => Shift)
  @ArrayMaxSize(50)
  @ArrayMinSize(1)
  @IsArray()
  @Field(listOf(StoredShift))
  shifts: Shift[];
}
