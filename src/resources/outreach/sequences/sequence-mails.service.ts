import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Mail, type NewMail } from '../../../kit/mailer/mail.service.js';
import { MailOutcomes } from '../../../kit/mailer/mail-outcomes.service.js';
import { MailSender } from '../../../kit/mailer/mail-sender.js';
import type { BatchStep } from './batch-step.js';
import type { SendEmailsData } from './sequence-steps.js';
import type { DueContact } from './skip-reason.js';

const IS_CANCELED = `
  SELECT FROM sequence_runs
  JOIN sequences ON sequences.org_id = sequence_runs.org_id AND sequences.id = sequence_id
  WHERE sequence_runs.org_id = $1 AND sequence_runs.id = $2
    AND (sequence_runs.canceled_at IS NOT NULL OR status = 'canceled')`;

const RECORD_OUTCOME = `
  UPDATE sequence_contact_steps SET state = $5, reason = $6
  WHERE org_id = $1 AND run_id = $2 AND contact_id = $3 AND position = $4`;

/** The mail of steps. */
@Injectable()
export class SequenceMails implements OnModuleInit {
  constructor(
    private readonly mail: Mail,
    private readonly sender: MailSender,
    private readonly outcomes: MailOutcomes,
  ) {}

  /** Canceling also stops mail that is still queued. A step follows the status of its mail. */
  onModuleInit(): void {
    this.sender.checkBeforeSending(async (manager, { org_id, key }) => {
      const step = stepOfKey(key);
      if (step === undefined) return undefined;
      const canceled = (await manager.query(IS_CANCELED, [org_id, step.runId])) as object[];
      return canceled.length > 0 ? 'The sequence was canceled.' : undefined;
    });
    this.outcomes.listen(async (manager, { org_id, key, status, reason }) => {
      const step = stepOfKey(key);
      if (step === undefined) return;
      await manager.query(RECORD_OUTCOME, [org_id, step.runId, step.contactId, step.position, status, reason]);
    });
  }

  /** Enqueues one mail per contact. @returns their status */
  async enqueue(
    manager: EntityManager,
    step: BatchStep,
    data: SendEmailsData,
    contacts: readonly DueContact[],
  ): Promise<'queued' | 'outbox'> {
    const threads = await this.#threadsOf(manager, step, contacts);
    const mails = contacts.map((contact): NewMail => ({
      orgId: step.org_id,
      from: data.from_email,
      senderName: data.email_sender_name,
      to: contact.email!,
      subject: data.email_subject,
      html: data.email_body,
      isTransactional: data.email_is_transactional,
      mayMerge: true,
      refersTo: threads.get(contact.id)!,
      key: keyOf(step, contact.id),
    }));
    await this.mail.enqueueAll(manager, mails);
    return this.mail.newStatus;
  }

  /** The Message-IDs of the earlier steps' mails, by contact, so that mail clients show one thread. */
  async #threadsOf(manager: EntityManager, step: BatchStep, contacts: readonly DueContact[]) {
    const earlier = Array.from({ length: step.position }, (_, position) => ({ ...step, position }));
    const keysOf = ({ id }: DueContact) => earlier.map((before) => keyOf(before, id));
    const sent = await this.mail.messageIdsOf(manager, step.org_id, contacts.flatMap(keysOf));
    return new Map(
      contacts.map((contact) => [contact.id, keysOf(contact).flatMap((key) => sent.get(key) ?? [])] as const),
    );
  }
}

/** Unique, so that a retried job sends a step to a contact once. */
function keyOf({ run_id, position }: BatchStep, contactId: string): string {
  return `sequence:${run_id}:${position}:${contactId}`;
}

/** Undefined for the key of another feature's mail. */
function stepOfKey(key: string | null): { runId: string; position: string; contactId: string } | undefined {
  const [feature, runId, position, contactId] = key?.split(':') ?? [];
  return feature === 'sequence' ? { runId: runId!, position: position!, contactId: contactId! } : undefined;
}
