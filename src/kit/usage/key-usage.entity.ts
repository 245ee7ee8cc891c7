import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';

/** The request counts of one key in one hour (UTC). */
@Entity('key_usage')
@Index('key_usage_hour', ['hour'])
@Index('key_usage_org_hour', ['org_id', 'hour'])
export class KeyUsage {
  @PrimaryColumn('uuid')
  key_id: string;

  /** Start of the hour. */
  @PrimaryColumn(TIMESTAMP)
  hour: Date;

  /** Null for partner keys. */
  @Column('uuid', { nullable: true })
  org_id: string | null;

  /** Authenticated requests. */
  @Column('integer')
  requests: number;

  /** The subset that a later guard refused. */
  @Column('integer')
  refused: number;

  @Column(TIMESTAMP)
  last_used_at: Date;
}
