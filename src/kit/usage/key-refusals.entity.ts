import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';

/** The refused requests of one key in one hour (UTC), by reason: those that guards refused, and failed authentications. */
@Entity('key_refusals')
@Index('key_refusals_hour', ['hour'])
@Index('key_refusals_org', ['org_id', 'hour'])
export class KeyRefusals {
  @PrimaryColumn('uuid')
  key_id: string;

  /** Start of the hour. */
  @PrimaryColumn(TIMESTAMP)
  hour: Date;

  /** One of `REFUSAL_REASONS`. */
  @PrimaryColumn('text')
  reason: string;

  /** Null for keys without an org. */
  @Column('uuid', { nullable: true })
  org_id: string | null;

  @Column('integer')
  requests: number;
}
