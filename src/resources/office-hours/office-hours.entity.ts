import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, ValidateNested } from 'class-validator';
import { Column, Entity, ForeignKey } from 'typeorm';
import { OrgRow } from '../../database/base.entity.js';
import { Org } from '../../orgs/org.entity.js';
import { IsTimeZone, Text } from '../../validation/decorators.js';
import { Shift } from './shift.js';

/** A shift as it is kept: made anew whenever a schedule's shifts are replaced. */
export interface StoredShift extends Shift {
  readonly id: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/** A weekly schedule. */
@Entity('office_hours')
export class OfficeHours extends OrgRow {
  @ForeignKey(() => Org, { name: 'office_hours_org_fk' })
  override org_id: string;

  @Column('text')
  @Text(1, 100)
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
  shifts: Shift[];
}
