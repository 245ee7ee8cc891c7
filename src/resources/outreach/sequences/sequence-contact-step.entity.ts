import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../../core/database/base.entity.js';
import { Contact } from '../../directory/contacts/contact.entity.js';
import { SequenceRun } from './sequence-run.entity.js';

/** `mailed`: the mail is queued or sent. */
export const CONTACT_STEP_STATES = ['waiting', 'mailed', 'skipped', 'canceled'] as const;
export type ContactStepState = (typeof CONTACT_STEP_STATES)[number];

/**
 * A step of a contact, created at enrolment or when the previous step ends. A contact gets each step once, unless it was
 * canceled.
 */
@Entity('sequence_contact_steps')
@Index('sequence_contact_steps_once', ['org_id', 'sequence_id', 'contact_id', 'position'], {
  unique: true,
  where: `state <> 'canceled'`,
})
@Index('sequence_contact_steps_contact', ['org_id', 'contact_id'])
@Index('sequence_contact_steps_batch', ['org_id', 'run_id', 'batch', 'position'], { where: `state = 'waiting'` })
@Index('sequence_contact_steps_waiting', ['org_id', 'sequence_id', 'position'], { where: `state = 'waiting'` })
@ForeignKey(() => SequenceRun, ['org_id', 'run_id'], ['org_id', 'id'], { name: 'sequence_contact_steps_run_fk' })
@ForeignKey(() => Contact, ['org_id', 'contact_id'], ['org_id', 'id'], {
  name: 'sequence_contact_steps_contact_fk',
  onDelete: 'CASCADE',
})
export class SequenceContactStep {
  @PrimaryColumn('uuid')
  org_id: string;

  @PrimaryColumn('uuid')
  run_id: string;

  @PrimaryColumn('uuid')
  contact_id: string;

  /** Index of the step. */
  @PrimaryColumn('integer')
  position: number;

  @Column('uuid')
  sequence_id: string;

  @Column('integer')
  batch: number;

  @Column('text', { default: 'waiting' })
  state: ContactStepState;

  /** Why it was skipped. */
  @Column('text', { nullable: true })
  reason: string | null;

  @Column({ ...TIMESTAMP, nullable: true })
  ended_at: Date | null;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;
}
