import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';

/** The newest batch stored by a process, to make flushes idempotent. */
@Entity('usage_flushes')
export class UsageFlush {
  @PrimaryColumn('uuid')
  instance: string;

  @Column('integer')
  sequence: number;

  @CreateDateColumn(TIMESTAMP)
  flushed_at: Date;
}
