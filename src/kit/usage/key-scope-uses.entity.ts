import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';

/** How often one key needed one scope, and had it, on one day (UTC). */
@Entity('key_scope_uses')
@Index('key_scope_uses_day', ['day'])
export class KeyScopeUses {
  @PrimaryColumn('uuid')
  key_id: string;

  @PrimaryColumn('date')
  day: string;

  @PrimaryColumn('text')
  scope: string;

  /** Null for keys without an org. */
  @Column('uuid', { nullable: true })
  org_id: string | null;

  @Column('integer')
  uses: number;

  @Column(TIMESTAMP)
  last_used_at: Date;
}
