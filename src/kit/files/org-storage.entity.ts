import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** Bytes that an org has stored, what `FreedStorage` holds included. */
@Entity('org_storage')
export class OrgStorage {
  @PrimaryColumn('uuid')
  @ForeignKey('orgs', { name: 'org_storage_org_fk' })
  org_id: string;

  @Column('bigint')
  bytes: string;
}

/** Bytes that were deleted since, written by triggers. */
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
