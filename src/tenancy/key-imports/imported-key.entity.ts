import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';
import { ApiKey } from '../api-keys/api-key.entity.js';
import { KeyImport } from './key-import.entity.js';

/** Where a key came from. Kept as long as the key, so that the same row is recognized whatever became of it. */
@Entity('imported_keys')
@Index('imported_keys_origin', ['origin'], { unique: true })
@Index('imported_keys_import', ['import_id'])
@Index('imported_keys_foreign', ['import_id'], { where: 'native_at IS NULL' })
export class ImportedKey {
  @PrimaryColumn('uuid')
  @ForeignKey(() => ApiKey, { name: 'imported_keys_key_fk', onDelete: 'CASCADE' })
  key_id: string;

  @Column('uuid')
  @ForeignKey(() => KeyImport, { name: 'imported_keys_import_fk' })
  import_id: string;

  /** The digest that its first credential was imported with. */
  @Column('text')
  origin: string;

  /** Since when its credential has the form of this server's keys. Null: it waits for its first use. */
  @Column({ ...TIMESTAMP, nullable: true })
  native_at: Date | null;
}
