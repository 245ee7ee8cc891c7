import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';
import { ApiKey } from '../../tenancy/api-keys/api-key.entity.js';

/**
 * What a key of an org did in the 30 days before an hour, and in the month, so that an overview doesn't sum up 720 hours of
 * each key. Keys without requests have no row. `KeyActivityJob` replaces the rows each hour.
 */
@Entity('key_activity')
export class KeyActivity {
  @PrimaryColumn('uuid')
  @ForeignKey(() => ApiKey, { name: 'key_activity_key_fk', onDelete: 'CASCADE' })
  key_id: string;

  /** Start of the hour (UTC) that the counts end before. */
  @Column(TIMESTAMP)
  until: Date;

  @Column({ ...TIMESTAMP, nullable: true })
  last_used_at: Date | null;

  /** Denied requests included. */
  @Column('bigint')
  requests_30_days: string;

  @Column('bigint')
  denied_30_days: string;

  @Column('bigint')
  requests_7_days: string;

  @Column('bigint')
  denied_7_days: string;

  /** Denied by a rate limit. */
  @Column('bigint')
  limited_7_days: string;

  /** Denied because a rotation replaced the credential. */
  @Column('bigint')
  replaced_7_days: string;

  /** The most requests in an hour of the last 7 days that were charged to the limits. */
  @Column('integer')
  busiest_hour: number;

  /** The scopes that it used for as long as their uses are kept. */
  @Column('text', { array: true })
  used_scopes: string[];

  /** Start of the hour (UTC) that `requests_of_month` ends before. Null: not counted yet. */
  @Column({ ...TIMESTAMP, nullable: true })
  month_until: Date | null;

  /** Authenticated requests in the calendar month (UTC) of `month_until`. */
  @Column('bigint', { nullable: true })
  requests_of_month: string | null;
}
