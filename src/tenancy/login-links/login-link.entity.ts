import { Check, Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';
import { Org } from '../orgs/org.entity.js';
import { isInYearsSql } from '../../core/validation/instant.js';

/** A link that signs one person in, once. Its use deletes the row. */
@Entity('login_links')
@Index('login_links_org', ['org_id'])
@Index('login_links_expires_at', ['expires_at'])
@Check('login_links_years', isInYearsSql('expires_at'))
export class LoginLink {
  /** SHA-256 of the token, 64 hex characters. */
  @PrimaryColumn('text')
  digest: string;

  @Column('uuid')
  @ForeignKey(() => Org, { name: 'login_links_org_fk' })
  org_id: string;

  @Column('text')
  email: string;

  @Column('text')
  name: string;

  /** Roles of a new member; empty: Owner for the org's first member, else Member. */
  @Column('uuid', { array: true, default: () => "'{}'" })
  role_ids: string[];

  /** Below `/dashboard`; null: its start. */
  @Column('text', { nullable: true })
  path: string | null;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;

  @Column(TIMESTAMP)
  expires_at: Date;
}
