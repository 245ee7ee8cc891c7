import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';

/** What one key did in one hour (UTC). */
@Entity('key_usage')
@Index('key_usage_hour', ['hour'])
export class KeyUsage {
  @PrimaryColumn('uuid')
  key_id: string;

  /** Its first instant. */
  @PrimaryColumn(TIMESTAMP)
  hour: Date;

  /** Null for partner keys. */
  @Column('uuid', { nullable: true })
  org_id: string | null;

  /** Every authenticated request. */
  @Column('integer')
  requests: number;

  /** Those of them that a later guard refused. */
  @Column('integer')
  refused: number;

  @Column(TIMESTAMP)
  last_used_at: Date;
}
