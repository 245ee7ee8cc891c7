import { Check, Column, Entity, ForeignKey, Index } from 'typeorm';
import { Identified, TIMESTAMP } from '../../core/database/base.entity.js';
import { isInYearsSql } from '../../core/validation/instant.js';
import { Org } from '../orgs/org.entity.js';
import { Partner } from '../partners/partner.entity.js';

/** Rules for the keys of an org, of all orgs of a partner, or of all orgs. Null and false: no rule. */
@Entity('key_policies')
@Index('key_policies_org', ['org_id'], { unique: true })
@Index('key_policies_partner', ['partner_id'], { unique: true })
@Index('key_policies_installation', ['is_installation'], { unique: true, where: 'is_installation' })
@Check('key_policies_one_place', 'num_nonnulls(org_id, partner_id) + is_installation::integer = 1')
@Check('key_policies_years', isInYearsSql('enforce_from'))
export class KeyPolicy extends Identified {
  @Column('uuid', { nullable: true })
  @ForeignKey(() => Org, { name: 'key_policies_org_fk' })
  org_id: string | null;

  @Column('uuid', { nullable: true })
  @ForeignKey(() => Partner, { name: 'key_policies_partner_fk' })
  partner_id: string | null;

  @Column('boolean', { default: false })
  is_installation: boolean;

  /** From the day of a credential to the end of its key. */
  @Column('integer', { nullable: true })
  max_lifetime_days: number | null;

  /** Of new keys whose request has no expiry. */
  @Column('integer', { nullable: true })
  default_lifetime_days: number | null;

  @Column('boolean', { default: false })
  expiry_required: boolean;

  @Column('boolean', { default: false })
  full_access_forbidden: boolean;

  @Column('boolean', { default: false })
  ip_list_required: boolean;

  @Column('text', { array: true, nullable: true })
  scope_ceiling: string[] | null;

  /** Of one org. */
  @Column('integer', { nullable: true })
  max_active_keys: number | null;

  @Column('integer', { nullable: true })
  suspend_idle_after_days: number | null;

  /** Existing keys that break a rule are refused from then on; null: they go on working. */
  @Column({ ...TIMESTAMP, nullable: true })
  enforce_from: Date | null;

  @Column('text')
  set_by_type: string;

  @Column('uuid', { nullable: true })
  set_by_id: string | null;

  @Column('text')
  set_by_name: string;
}
