import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../../core/database/base.entity.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import { About } from '../../../core/wire/field.js';

/** The AI does not answer senders of this e-mail domain. */
@Entity('blocked_domains')
@Index('blocked_domains_org_domain', ['org_id', 'domain'], { unique: true })
export class BlockedDomain {
  @PrimaryColumn('uuid', { select: false })
  @ForeignKey(() => Org, { name: 'blocked_domains_org_fk' })
  org_id: string;

  @PrimaryColumn('uuid')
  id: string;

  @About('Lower case, in ASCII (punycode).')
  @Column('text')
  domain: string;

  @Column('text', { nullable: true })
  reason: string | null;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;
}
