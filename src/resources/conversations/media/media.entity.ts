import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../../core/database/base.entity.js';
import { StoredFile } from '../../../kit/files/stored-file.entity.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';

/** A public picture of messages and articles. Its id is the only protection, so it is random. */
@Entity('media')
@Index('media_org', ['org_id'])
@Index('media_file', ['file_id'], { unique: true })
export class Media {
  /** 32 random hex digits. */
  @PrimaryColumn('text')
  id: string;

  @Column('uuid')
  @ForeignKey(() => Org, { name: 'media_org_fk' })
  org_id: string;

  @Column('uuid')
  @ForeignKey(() => StoredFile, { name: 'media_file_fk' })
  file_id: string;

  /** By its content. */
  @Column('text')
  media_type: string;

  @Column('integer')
  bytes: number;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;
}
