import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { About } from '../../../core/wire/field.js';
import { MAIL_STATUSES } from '../../../kit/mailer/mail-message.entity.js';
import { TIMESTAMP } from '../../../core/database/base.entity.js';
import { Contact } from '../../directory/contacts/contact.entity.js';
import { SequenceRun } from './sequence-run.entity.js';

/** Once its mail is enqueued, a step has the status of the mail. */
export const CONTACT_STEP_STATES = ['waiting', ...MAIL_STATUSES, 'canceled'] as const;
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
@Index('sequence_contact_steps_state', ['org_id', 'sequence_id', 'state'])
@Index('sequence_contact_steps_page', ['org_id', 'sequence_id', 'id'])
@Index('sequence_contact_steps_waiting', ['org_id', 'sequence_id', 'position'], { where: `state = 'waiting'` })
@ForeignKey(() => SequenceRun, ['org_id', 'run_id'], ['org_id', 'id'], { name: 'sequence_contact_steps_run_fk' })
@ForeignKey(() => Contact, ['org_id', 'contact_id'], ['org_id', 'id'], {
  name: 'sequence_contact_steps_contact_fk',
  onDelete: 'CASCADE',
})
export class SequenceContactStep {
  @PrimaryColumn('uuid', { select: false })
  org_id: string;

  /** Increases over the steps of a run. */
  @Column('uuid')
  id: string;

  @PrimaryColumn('uuid')
  run_id: string;

  @PrimaryColumn('uuid')
  contact_id: string;

  @About('Index of the step in `steps`.')
  @PrimaryColumn('integer')
  position: number;

  @Column('uuid', { select: false })
  sequence_id: string;

  @Column('integer', { select: false })
  batch: number;

  @Column('text', { default: 'waiting', select: false })
  state: ContactStepState;

  @About('Why the step skipped the contact, or why the mail was not delivered.')
  @Column('text', { nullable: true })
  reason: string | null;

  @About('When the step mailed or skipped the contact; null while it waits.')
  @Column({ ...TIMESTAMP, nullable: true })
  ended_at: Date | null;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;
}
