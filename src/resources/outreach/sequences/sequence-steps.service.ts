import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../../core/database/database.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { DomainEventBus } from '../../../kit/domain-events/domain-event-bus.js';
import { Jobs } from '../../../core/jobs/jobs.service.js';
import { MailDomains } from '../../../kit/mailer/mail-domains.service.js';
import { Blocklist } from '../../directory/blocklist/blocklist.service.js';
import { domainOf } from '../../../core/validation/address.js';
import { type BatchStep, inMinutes, SEQUENCE_STEP } from './batch-step.js';
import { SequenceMails } from './sequence-mails.service.js';
import { type DueContact, findSkipReason } from './skip-reason.js';
import { Sequence } from './sequence.entity.js';
import type { SequenceRun } from './sequence-run.entity.js';
import type { SequenceStep } from './sequence-steps.js';
import { sequenceErrors } from './sequences.errors.js';

const DUE = `
  SELECT contacts.id, email, unsubscribed_at IS NOT NULL AS is_unsubscribed
  FROM sequence_contact_steps steps
  JOIN contacts ON contacts.org_id = steps.org_id AND contacts.id = steps.contact_id
  WHERE steps.org_id = $1 AND run_id = $2 AND batch = $3 AND position = $4 AND state = 'waiting'
  ORDER BY contacts.id FOR KEY SHARE OF contacts`;

const CANCEL = `
  UPDATE sequence_contact_steps SET state = 'canceled', ended_at = now()
  WHERE org_id = $1 AND run_id = $2 AND batch = $3 AND position = $4 AND state = 'waiting'`;

const END = `
  UPDATE sequence_contact_steps steps
  SET state = CASE WHEN ended.reason IS NULL THEN $6 ELSE 'skipped' END, reason = ended.reason, ended_at = now()
  FROM unnest($4::uuid[], $5::text[]) AS ended (contact_id, reason)
  WHERE org_id = $1 AND run_id = $2 AND position = $3 AND steps.contact_id = ended.contact_id`;

const INSERT_NEXT = `
  INSERT INTO sequence_contact_steps (org_id, run_id, id, contact_id, position, sequence_id, batch)
  SELECT $1, $2, id, contact_id, $3, $4, $5 FROM unnest($6::uuid[], $7::uuid[]) AS next (id, contact_id)
  ON CONFLICT DO NOTHING`;

const LOWEST_WAITING = `
  SELECT min(position) AS lowest,
    EXISTS (SELECT FROM sequence_runs WHERE org_id = $1 AND sequence_id = $2 AND enrolled_at IS NULL) AS is_enrolling
  FROM sequence_contact_steps WHERE org_id = $1 AND sequence_id = $2 AND state = 'waiting'`;

interface FoundRun {
  readonly run: Pick<SequenceRun, 'last_contact_id' | 'batches' | 'enrolled_at' | 'canceled_at'>;
  readonly sequence: Sequence;
}

/** Reads a run and locks its sequence, which also guards the run, until the transaction ends. */
export async function lockRun(manager: EntityManager, orgId: string, runId: string): Promise<FoundRun | undefined> {
  const runSql = 'SELECT * FROM sequence_runs WHERE org_id = $1 AND id = $2';
  const lock = `SELECT * FROM sequences WHERE org_id = $1
    AND id = (SELECT sequence_id FROM sequence_runs WHERE org_id = $1 AND id = $2) FOR NO KEY UPDATE`;
  const [sequence] = (await manager.query(lock, [orgId, runId])) as Sequence[];
  if (sequence === undefined) return undefined;
  // Read after the lock, so that it is current.
  const [run] = (await manager.query(runSql, [orgId, runId])) as SequenceRun[];
  return { run: run!, sequence };
}

export function isActive({ run, sequence }: FoundRun): boolean {
  return sequence.status === 'active' && run.canceled_at === null;
}

/** Executes steps. A step's effects and its record are one transaction. */
@Injectable()
export class SequenceSteps implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly mails: SequenceMails,
    private readonly domains: MailDomains,
    private readonly blocklist: Blocklist,
    private readonly events: DomainEventBus,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(SEQUENCE_STEP, {
      run: (key) => inTransaction(this.database.dataSource, (manager) => this.#perform(manager, key)),
    });
  }

  /** @throws AppError sequence_step_unavailable, sequence_sender_unverified (409) for the first step that can't be done */
  async assertCanRun(manager: EntityManager, { org_id, steps }: Pick<Sequence, 'org_id' | 'steps'>): Promise<void> {
    for (const [index, { action }] of steps.entries()) {
      const step = `steps.${index}`;
      if (action.type === 'make_phone_calls') throw sequenceErrors.sequence_step_unavailable({ step });
      const { from_email } = action.data;
      if (await this.domains.isVerified(manager, org_id, from_email)) continue;
      throw sequenceErrors.sequence_sender_unverified({ step, domain: domainOf(from_email) });
    }
  }

  /**
   * Records which steps have started and ended. Completes the sequence when no contact waits.
   * @param sequence locked
   * @param begun position of a step that has started
   */
  async updateProgress(manager: EntityManager, sequence: Sequence, begun?: number): Promise<void> {
    const { org_id, id, is_continuous } = sequence;
    const [{ lowest, is_enrolling }] = (await manager.query(LOWEST_WAITING, [org_id, id])) as [
      { lowest: number | null; is_enrolling: boolean },
    ];
    const now = new Date();
    const canEnd = !is_continuous && !is_enrolling;
    const steps = sequence.steps.map((step, position): SequenceStep => {
      const started_at = step.started_at ?? (position === begun ? now.toISOString() : null);
      const isOver = canEnd && started_at !== null && (lowest === null || lowest > position);
      return { ...step, started_at, ended_at: step.ended_at ?? (isOver ? now.toISOString() : null) };
    });
    const isComplete = canEnd && lowest === null;
    const end = isComplete ? ({ status: 'complete', ended_at: now } as const) : {};
    await manager.update(Sequence, { org_id, id }, { steps: steps as object[], ...end } as object);
    if (isComplete) await this.events.emit(manager, { name: 'sequence.completed', orgId: org_id, sequenceId: id });
  }

  async #perform(manager: EntityManager, key: BatchStep): Promise<void> {
    const { org_id, run_id, batch, position } = key;
    const found = await lockRun(manager, org_id, run_id);
    if (found === undefined) return;
    if (!isActive(found)) {
      await manager.query(CANCEL, [org_id, run_id, batch, position]);
      return;
    }
    const contacts = await this.#dueContacts(manager, key);
    await this.#end(manager, key, found.sequence.steps[position]!, contacts);
    await this.#enqueueNext(manager, key, found.sequence, contacts);
    await this.updateProgress(manager, found.sequence, position);
  }

  async #dueContacts(manager: EntityManager, key: BatchStep): Promise<DueContact[]> {
    const { org_id, run_id, batch, position } = key;
    const due = (await manager.query(DUE, [org_id, run_id, batch, position])) as Omit<DueContact, 'is_blocked'>[];
    const blocked = await this.blocklist.blockedAmong(
      manager,
      org_id,
      due.map(({ id }) => id),
    );
    return due.map((contact) => ({ ...contact, is_blocked: blocked.has(contact.id) }));
  }

  async #end(manager: EntityManager, key: BatchStep, { action }: SequenceStep, contacts: readonly DueContact[]) {
    const { org_id, run_id, position } = key;
    const isVerified =
      action.type === 'send_emails' && (await this.domains.isVerified(manager, org_id, action.data.from_email));
    const reasons = contacts.map((contact) => findSkipReason(action, contact, isVerified) ?? null);
    const mailed = contacts.filter((_, index) => reasons[index] === null);
    const status = action.type === 'send_emails' ? await this.mails.enqueue(manager, key, action.data, mailed) : null;
    const ids = contacts.map(({ id }) => id);
    await manager.query(END, [org_id, run_id, position, ids, reasons, status]);
  }

  async #enqueueNext(manager: EntityManager, key: BatchStep, sequence: Sequence, contacts: readonly DueContact[]) {
    const next = { ...key, position: key.position + 1 };
    const step = sequence.steps[next.position];
    if (step === undefined || contacts.length === 0) return;
    const { org_id, run_id, batch, position } = next;
    const ids = contacts.map(({ id }) => id);
    const newIds = ids.map(() => uuidV7());
    await manager.query(INSERT_NEXT, [org_id, run_id, position, sequence.id, batch, newIds, ids]);
    await this.jobs.enqueue(manager, SEQUENCE_STEP, next, inMinutes(step.delay_in_minutes));
  }
}
