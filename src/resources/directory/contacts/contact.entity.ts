import { Check, Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow, TIMESTAMP } from '../../../core/database/base.entity.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import { isInYearsSql } from '../../../core/validation/instant.js';
import { About, Field } from '../../../core/wire/field.js';
import { mapOf, TEXT } from '../../../core/wire/schema.js';

/** A person who writes or calls. */
@Entity('contacts')
@Index('contacts_org_email', ['org_id', 'email'], { unique: true, where: 'email IS NOT NULL' })
@Index('contacts_org_phone_number', ['org_id', 'phone_number'], { unique: true, where: 'phone_number IS NOT NULL' })
@Index('contacts_org_created_at', ['org_id', 'created_at'])
@Index('contacts_org_updated_at', ['org_id', 'updated_at'])
@Check('contacts_years', isInYearsSql('unsubscribed_at'))
export class Contact extends OrgRow {
  @ForeignKey(() => Org, { name: 'contacts_org_fk' })
  override org_id: string;

  @About('Lower case, with an ASCII (punycode) domain; unique within the org.')
  @Column('text', { nullable: true })
  email: string | null;

  @About('E.164, unique within the org.')
  @Column('text', { nullable: true })
  phone_number: string | null;

  @Column('text', { nullable: true })
  name: string | null;

  @Column('jsonb', { default: {} })
  @Field(mapOf(TEXT))
  custom_data: Record<string, string>;

  @About('When the contact unsubscribed. Only transactional mail is sent after that.')
  @Column({ ...TIMESTAMP, nullable: true })
  unsubscribed_at: Date | null;

  @About(
    'When mail to the address bounced or was refused. Only transactional mail is sent after that, until it is cleared.',
  )
  @Column({ ...TIMESTAMP, nullable: true })
  undeliverable_at: Date | null;

  @About('What the mail server said.')
  @Column('text', { nullable: true })
  undeliverable_reason: string | null;

  /** Claimed in a session and not verified. Only sessions show it. */
  @Column('text', { nullable: true, select: false })
  non_verified_name: string | null;

  @Column('text', { nullable: true, select: false })
  non_verified_email: string | null;

  @Column('jsonb', { default: {}, select: false })
  non_verified_custom_data: Record<string, string>;
}
