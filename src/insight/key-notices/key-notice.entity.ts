import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';
import { ApiKey } from '../../tenancy/api-keys/api-key.entity.js';
import type { DeadlineKind } from './key-deadline.entity.js';

/** What a notice is about; `suspension`: a policy is about to suspend an idle key. */
export type NoticeKind = DeadlineKind | 'suspension';

/** Who a notice is for: managers of the org and the key's creator, or the contact of the partner. */
export type NoticeAudience = 'org' | 'partner';

/** A notice about a key. The primary key makes it unique over restarts and processes. */
@Entity('key_notices')
@Index('key_notices_pending', ['audience', 'audience_id'], { where: `state = 'pending'` })
@Index('key_notices_mailed', ['audience', 'audience_id', 'state_at'], { where: `state = 'mailed'` })
export class KeyNotice {
  @PrimaryColumn('uuid')
  @ForeignKey(() => ApiKey, { name: 'key_notices_key_fk', onDelete: 'CASCADE' })
  key_id: string;

  @PrimaryColumn('text')
  kind: NoticeKind;

  /** When the key expires or is suspended, or since when it is idle. */
  @PrimaryColumn(TIMESTAMP)
  about: Date;

  /** Before `about`; after it for `idle`. */
  @PrimaryColumn('integer')
  days: number;

  @PrimaryColumn('text')
  audience: NoticeAudience;

  /** The org's or the partner's id. */
  @Column('uuid')
  audience_id: string;

  /** `skipped`: unwanted, replaced by a newer notice, or no longer true. */
  @Column('text')
  state: 'pending' | 'mailed' | 'skipped';

  @Column(TIMESTAMP)
  state_at: Date;
}
