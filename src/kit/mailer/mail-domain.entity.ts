import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, CreateDateColumn, UpdateDateColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';
import { About, Field } from '../../core/wire/field.js';
import { INTEGER, listOf, oneOf, TEXT } from '../../core/wire/schema.js';
import type { DomainRecord, DomainStatus } from './domain-records.js';
import { DOMAIN_STATUSES } from './domain-records.js';

const RECORD = {
  type: 'object',
  required: ['type', 'name', 'value', 'ttl', 'status'],
  properties: { type: oneOf(['TXT']), name: TEXT, value: TEXT, ttl: INTEGER, status: oneOf(DOMAIN_STATUSES) },
};

/** A domain that an org claims, with its verification status. Several orgs can claim the same domain. */
@Entity('mail_domains')
@Check('mail_domains_dkim', 'num_nulls(dkim_selector, dkim_public_key, dkim_private_key) IN (0, 3)')
@Index('mail_domains_org_domain_name', ['org_id', 'domain_name'], { unique: true })
export class MailDomain {
  @PrimaryColumn('uuid', { select: false })
  @ForeignKey('orgs', { name: 'mail_domains_org_fk' })
  org_id: string;

  @PrimaryColumn('uuid', { select: false })
  id: string;

  @About('In lower case, as DNS writes it.')
  @Column('text')
  domain_name: string;

  @About('Mail is sent from it when it is verified, and is signed (DKIM) when that record is verified.')
  @Column('text')
  @Field(oneOf(DOMAIN_STATUSES))
  domain_status: DomainStatus;

  /** Distinguishes the ownership record of this org. */
  @Column('text', { select: false })
  token: string;

  /** Null: claimed before domains had keys, and its mail is not signed. */
  @Column('text', { nullable: true, select: false })
  dkim_selector: string | null;

  @Column('text', { nullable: true, select: false })
  dkim_public_key: string | null;

  /** Encrypted. */
  @Column('bytea', { nullable: true, select: false })
  dkim_private_key: Buffer | null;

  @About('What its zone has to hold, and what was found of it when it was last looked up.')
  @Column('jsonb')
  @Field(listOf(RECORD))
  domain_records: DomainRecord[];

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;

  @UpdateDateColumn(TIMESTAMP)
  updated_at: Date;
}
