import { Column, CreateDateColumn, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../../core/database/base.entity.js';

/** The entries of one chain that a batch has: after the first sequence, up to and with the second. */
export interface Range {
  readonly chain: string;
  readonly after: number;
  /** Of the entry `after`; null if it is missing. */
  readonly hash: string | null;
  readonly to: number;
}

/** A receiver of the audit, and the batch that is on its way to it. */
@Entity('audit_export_sinks')
export class AuditExportSink {
  /** Its URL without a password. */
  @PrimaryColumn('text')
  sink: string;

  /** The number of the newest batch. */
  @Column('integer', { default: 0 })
  batch: number;

  /** What the newest batch has, until it is delivered. A repeat after a crash has the same entries. */
  @Column('jsonb', { nullable: true })
  plan: Range[] | null;

  @Column({ ...TIMESTAMP, nullable: true })
  planned_at: Date | null;

  /** The process that exports. */
  @Column('uuid', { nullable: true })
  owner: string | null;

  @Column({ ...TIMESTAMP, nullable: true })
  owned_until: Date | null;

  /** Every entry that was committed before has been delivered. */
  @Column({ ...TIMESTAMP, nullable: true })
  caught_up_at: Date | null;

  @Column({ ...TIMESTAMP, nullable: true })
  delivered_at: Date | null;

  @Column({ ...TIMESTAMP, nullable: true })
  failing_since: Date | null;

  @Column('text', { nullable: true })
  error: string | null;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;
}

/** The last entry of a chain that a sink has. */
@Entity('audit_export_positions')
export class AuditExportPosition {
  @PrimaryColumn('text')
  @ForeignKey(() => AuditExportSink, { name: 'audit_export_positions_sink_fk', onDelete: 'CASCADE' })
  sink: string;

  @PrimaryColumn('text')
  chain: string;

  @Column('integer')
  sequence: number;

  /** Null if the entry is missing in the database. */
  @Column('text', { nullable: true })
  hash: string | null;
}
