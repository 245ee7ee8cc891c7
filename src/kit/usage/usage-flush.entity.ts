import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';

/** The newest batch that a process has stored, so that none is added twice. */
@Entity('usage_flushes')
export class UsageFlush {
  @PrimaryColumn('uuid')
  instance: string;

  @Column('integer')
  sequence: number;

  @CreateDateColumn(TIMESTAMP)
  flushed_at: Date;
}
