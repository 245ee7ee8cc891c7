import { Check, Column, Entity, ForeignKey, Index } from 'typeorm';
import { Identified, TIMESTAMP } from '../../core/database/base.entity.js';
import { Partner } from '../partners/partner.entity.js';
import { About, Field } from '../../core/wire/field.js';
import { nullable, oneOf } from '../../core/wire/schema.js';

export const ORG_SUSPENDERS = ['partner', 'operator'] as const;
export type OrgSuspender = (typeof ORG_SUSPENDERS)[number];

/** `tell`: the key stays as it is, and its managers decide. */
export const ON_EXPOSED = ['revoke', 'suspend', 'tell'] as const;
export type OnExposed = (typeof ON_EXPOSED)[number];

/** A tenant. */
@Entity('orgs')
@Index('orgs_partner_external_id', ['partner_id', 'external_id'], { unique: true, where: 'archived_at IS NULL' })
@Index('orgs_partner', ['partner_id', 'id'])
@Index('orgs_weekly_key_report', ['id'], { where: 'weekly_key_report' })
@Check('orgs_suspension', '(suspended_at IS NULL) = (suspended_by IS NULL)')
@Check('orgs_on_exposed', "on_exposed IN ('revoke', 'suspend', 'tell')")
export class Org extends Identified {
  @Column('uuid', { nullable: true })
  @ForeignKey(() => Partner, { name: 'orgs_partner_fk' })
  partner_id: string | null;

  @Column('text')
  name: string;

  @About("The partner's own id of this customer.")
  @Column('text', { nullable: true })
  external_id: string | null;

  @Column('text', { nullable: true })
  website: string | null;

  @About('BCP 47.')
  @Column('text', { default: 'en' })
  language: string;

  @Column('text', { nullable: true })
  ai_instructions: string | null;

  @About('64 hex characters, for the chat widget.')
  @Column('text')
  widget_token: string;

  @About('Whether Owners get a mail about the API keys each Monday.')
  @Column('boolean', { default: false })
  weekly_key_report: boolean;

  @About('Whether Owners, Admins and the creators of keys get a mail before keys expire, or are suspended as idle.')
  @Column('boolean', { default: true })
  expiry_notices: boolean;

  @About('Whether they get a mail about keys without requests for 90 days.')
  @Column('boolean', { default: false })
  idle_notices: boolean;

  /** The Monday of the newest week with a report. */
  @Column('date', { nullable: true, select: false })
  key_report_week: string | null;

  @About('What a report does to an API key that was found in public.')
  @Column('text', { default: 'suspend' })
  @Field(oneOf(ON_EXPOSED))
  on_exposed: OnExposed;

  @Column({ ...TIMESTAMP, nullable: true })
  archived_at: Date | null;

  @About('Since when its keys and sessions are refused until it is resumed.')
  @Column({ ...TIMESTAMP, nullable: true })
  suspended_at: Date | null;

  /** The partner can't resume an org that the operator suspended. */
  @Column('text', { nullable: true })
  @Field(nullable(oneOf(ORG_SUSPENDERS)))
  suspended_by: OrgSuspender | null;

  /** When the last suspension ended. A trigger sets it. */
  @Column({ ...TIMESTAMP, nullable: true, select: false, insert: false, update: false })
  resumed_at: Date | null;
}
