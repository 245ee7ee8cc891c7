import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';
import { ApiKey } from '../../tenancy/api-keys/api-key.entity.js';

export type DeadlineKind = 'expiry' | 'idle';

/**
 * When a key of an org is to be looked at next, so that the job reads only keys that are due. A trigger adds the rows, and
 * resets `expiry` when `expires_at` changes.
 */
@Entity('key_deadlines')
@Index('key_deadlines_due', ['kind', 'due_at', 'key_id'])
export class KeyDeadline {
  @PrimaryColumn('uuid')
  @ForeignKey(() => ApiKey, { name: 'key_deadlines_key_fk', onDelete: 'CASCADE' })
  key_id: string;

  @PrimaryColumn('text')
  kind: DeadlineKind;

  /** `expiry`: steps until then need nothing. `idle`: the start of the newest idle period that was announced. */
  @Column(TIMESTAMP)
  done_until: Date;

  @Column(TIMESTAMP)
  due_at: Date;
}
