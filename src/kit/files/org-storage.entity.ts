import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** The stored bytes of an org, including those in `FreedStorage`. */
@Entity('org_storage')
export class OrgStorage {
  @PrimaryColumn('uuid')
  @ForeignKey('orgs', { name: 'org_storage_org_fk' })
  org_id: string;

  @Column('bigint')
  bytes: string;
}

/** Deleted bytes, not yet subtracted from `OrgStorage`. Triggers insert the rows. */
@Entity('freed_storage')
@Index('freed_storage_org', ['org_id'])
export class FreedStorage {
  @PrimaryColumn('bigint', { generated: 'identity', generatedIdentity: 'ALWAYS' })
  id: string;

  @Column('uuid')
  @ForeignKey('orgs', { name: 'freed_storage_org_fk' })
  org_id: string;

  @Column('bigint')
  bytes: string;
}
