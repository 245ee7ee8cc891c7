import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../../core/database/base.entity.js';
import { Sequence } from './sequence.entity.js';

/** Contacts that go through a sequence together: those of a start, or those that one call added. */
@Entity('sequence_runs')
@Index('sequence_runs_sequence', ['org_id', 'sequence_id'])
@ForeignKey(() => Sequence, ['org_id', 'sequence_id'], ['org_id', 'id'], { name: 'sequence_runs_sequence_fk' })
export class SequenceRun {
  @PrimaryColumn('uuid')
  org_id: string;

  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  sequence_id: string;

  /** The last contact that enrolment has checked, in order of ids. */
  @Column('uuid', { nullable: true })
  last_contact_id: string | null;

  /** Number of batches so far. The contacts of a batch go through the steps together. */
  @Column('integer', { default: 0 })
  batches: number;

  /** Null while enrolment is in progress. */
  @Column({ ...TIMESTAMP, nullable: true })
  enrolled_at: Date | null;

  @Column({ ...TIMESTAMP, nullable: true })
  canceled_at: Date | null;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;
}
