import { ArrayMaxSize, IsArray, IsIn, IsInt, Max, Min } from 'class-validator';
import { Check, Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow } from '../../../core/database/base.entity.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import { ArrayUnique } from '../../../core/validation/array-unique.js';
import { Name } from '../../../core/validation/name.js';
import { IsE164, IsEmailAddress } from '../../../core/validation/field-types.js';
import { MaxLength, MinLength } from '../../../core/validation/text-length.js';
import { About, Field } from '../../../core/wire/field.js';
import { nullable, oneOf } from '../../../core/wire/schema.js';

export const LEAD_STATUSES = ['new', 'contacted', 'qualified', 'converted'] as const;
export const LEAD_SOURCES = ['call', 'sms', 'form', 'facebook', 'google'] as const;

/** A potential customer. */
@Entity('leads')
@Index('leads_org_status', ['org_id', 'status', 'id'])
@Index('leads_org_source', ['org_id', 'source', 'id'])
@Index('leads_org_created_at', ['org_id', 'created_at'])
@Index('leads_org_email', ['org_id', 'email', 'id'])
@Index('leads_org_phone', ['org_id', 'phone', 'id'])
@Check('leads_reachable', 'phone IS NOT NULL OR email IS NOT NULL')
export class Lead extends OrgRow {
  @ForeignKey(() => Org, { name: 'leads_org_fk' })
  override org_id: string;

  @Column('text')
  @Name(200)
  name: string;

  @About('E.164. At least one of phone and email is set.')
  @Column('text', { nullable: true })
  @IsE164()
  phone: string | null;

  @About('Lower case, with an ASCII (punycode) domain.')
  @Column('text', { nullable: true })
  @IsEmailAddress()
  email: string | null;

  @Column('text', { nullable: true })
  @IsIn(LEAD_SOURCES)
  @Field(nullable(oneOf(LEAD_SOURCES)))
  source: (typeof LEAD_SOURCES)[number] | null;

  @Column('text', { default: 'new' })
  @IsIn(LEAD_STATUSES)
  @Field(oneOf(LEAD_STATUSES))
  status: (typeof LEAD_STATUSES)[number];

  @Column('integer', { nullable: true })
  @Max(100)
  @Min(0)
  @IsInt()
  score: number | null;

  @Column('text', { array: true, default: () => "'{}'" })
  @MaxLength(64, { each: true })
  @MinLength(1, { each: true })
  @ArrayUnique()
  @ArrayMaxSize(20)
  @IsArray()
  tags: string[];
}
