import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AuditParty } from '../../../kit/audit/audit.dto.js';
import { Database } from '../../../core/database/database.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { rowId } from '../../../core/wire/row-id.js';
import { defineJob } from '../../../core/jobs/job.js';
import { Jobs } from '../../../core/jobs/jobs.service.js';
import { filterSql } from './filter-sql.js';
import { Sequence } from './sequence.entity.js';
import { SequenceRun } from './sequence-run.entity.js';
import { type BatchStep, inMinutes, SEQUENCE_STEP } from './batch-step.js';
import { isActive, lockRun, SequenceSteps } from './sequence-steps.service.js';

type RunKey = Pick<SequenceRun, 'org_id' | 'id'>;

/** Enrols the contacts of an org in a run. */
export const SEQUENCE_ENROLMENT = defineJob<RunKey>({
  name: 'sequence-enrolment',
  retries: 100,
  retryAfterSeconds: 5,
  secondsMax: 3_600,
  atOnce: 2,
});

/** Number of contacts that one transaction enrols, or takes through a step. */
export const CONTACTS_PER_BATCH = 500;
const SMALLEST_ID = '00000000-0000-0000-0000-000000000000';

// Skips contacts that were enrolled before. The lock prevents deletion of the others.
const ENROL = `
  INSERT INTO sequence_contact_steps (org_id, run_id, id, contact_id, position, sequence_id, batch)
  SELECT org_id, $2, new.id, contact_id, 0, $3, $4 FROM unnest($5::uuid[], $6::uuid[]) AS new (id, contact_id)
  JOIN contacts ON org_id = $1 AND contacts.id = contact_id FOR KEY SHARE OF contacts
  ON CONFLICT DO NOTHING RETURNING contact_id`;

const CANCEL_RUN = 'UPDATE sequence_runs SET canceled_at = now() WHERE org_id = $1 AND id = $2 AND canceled_at IS NULL';
const CANCEL_STEPS = `
  UPDATE sequence_contact_steps SET state = 'canceled', ended_at = now()
  WHERE org_id = $1 AND run_id = $2 AND state = 'waiting'`;

/** Starts and cancels runs of sequences. Contacts are enrolled in batches. */
@Injectable()
export class SequenceRuns implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly steps: SequenceSteps,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(SEQUENCE_ENROLMENT, { run: (key, signal) => this.#enrolAll(key, signal) });
  }

  /**
   * Enrols all matching contacts in a job.
   * @param sequence locked, pending
   * @throws as `SequenceSteps.assertCanRun`
   */
  async start(manager: EntityManager, sequence: Sequence, startedBy: AuditParty): Promise<void> {
    await this.steps.assertCanRun(manager, sequence);
    const { org_id, id } = sequence;
    const run = { org_id, id: uuidV7() };
    await this.#begin(manager, { org_id, id }, startedBy);
    await manager.insert(SequenceRun, { ...run, sequence_id: id });
    await this.jobs.enqueue(manager, SEQUENCE_ENROLMENT, run);
  }

  /**
   * Starts a run with the contacts that match the filter and were not enrolled before. Activates a pending sequence.
   * @param sequence locked
   * @returns the run's id
   * @throws as `SequenceSteps.assertCanRun`
   */
  async startWith(
    manager: EntityManager,
    sequence: Sequence,
    contactIds: readonly string[],
    startedBy: AuditParty,
  ): Promise<string> {
    await this.steps.assertCanRun(manager, sequence);
    const { org_id, id, filter, status } = sequence;
    if (status === 'pending') await this.#begin(manager, { org_id, id }, startedBy);
    const values: unknown[] = [org_id, contactIds];
    const sql = `SELECT id FROM contacts WHERE org_id = $1 AND id = ANY ($2::uuid[]) AND ${filterSql(filter, values)}`;
    const fitting = ((await manager.query(sql, values)) as { id: string }[]).map((contact) => contact.id);
    const run = { org_id, id: uuidV7() };
    const batches = Math.ceil(fitting.length / CONTACTS_PER_BATCH);
    await manager.insert(SequenceRun, { ...run, sequence_id: id, batches, enrolled_at: new Date() });
    for (let batch = 0; batch < batches; batch++) {
      const ids = fitting.slice(batch * CONTACTS_PER_BATCH, (batch + 1) * CONTACTS_PER_BATCH);
      await this.#enrol(manager, sequence, { org_id, run_id: run.id, batch, position: 0 }, ids);
    }
    return run.id;
  }

  async #begin(manager: EntityManager, key: Pick<Sequence, 'org_id' | 'id'>, startedBy: AuditParty): Promise<void> {
    await manager.update(Sequence, key, { status: 'active', started_at: new Date(), started_by: startedBy });
  }

  /** Returns the sequence's id, or undefined for an unknown run. */
  async sequenceOf(orgId: string, runId: string): Promise<string | undefined> {
    const run = await this.database.manager.findOneBy(SequenceRun, { org_id: orgId, id: rowId(runId) });
    return run?.sequence_id;
  }

  /** @param manager of a transaction that has locked the sequence */
  async cancel(manager: EntityManager, orgId: string, runId: string): Promise<void> {
    await manager.query(CANCEL_RUN, [orgId, runId]);
    await manager.query(CANCEL_STEPS, [orgId, runId]);
  }

  /** Continues where an earlier attempt stopped. */
  async #enrolAll(key: RunKey, signal: AbortSignal): Promise<void> {
    let isMore = true;
    while (isMore) {
      signal.throwIfAborted();
      isMore = await inTransaction(this.database.dataSource, (manager) => this.#enrolPage(manager, key));
    }
  }

  /** @returns whether there may be more contacts */
  async #enrolPage(manager: EntityManager, { org_id, id }: RunKey): Promise<boolean> {
    const found = await lockRun(manager, org_id, id);
    if (found === undefined || !isActive(found) || found.run.enrolled_at !== null) return false;
    const { run, sequence } = found;
    const values: unknown[] = [org_id, run.last_contact_id ?? SMALLEST_ID, sequence.started_at, CONTACTS_PER_BATCH];
    const fits = filterSql(sequence.filter, values);
    const sql = `SELECT id, ${fits} AS fits FROM contacts
      WHERE org_id = $1 AND id > $2 AND created_at <= $3 ORDER BY id LIMIT $4`;
    const page = (await manager.query(sql, values)) as { id: string; fits: boolean }[];
    const fitting = page.filter((contact) => contact.fits).map((contact) => contact.id);
    const isMore = page.length === CONTACTS_PER_BATCH;
    await this.#enrol(manager, sequence, { org_id, run_id: id, batch: run.batches, position: 0 }, fitting);
    await manager.update(
      SequenceRun,
      { org_id, id },
      {
        batches: run.batches + 1,
        last_contact_id: page.at(-1)?.id ?? run.last_contact_id,
        enrolled_at: isMore ? null : new Date(),
      },
    );
    if (!isMore) await this.steps.updateProgress(manager, sequence);
    return isMore;
  }

  async #enrol(manager: EntityManager, sequence: Sequence, first: BatchStep, contactIds: readonly string[]) {
    if (contactIds.length === 0) return;
    const { org_id, run_id, batch } = first;
    const newIds = contactIds.map(() => uuidV7());
    const taken = (await manager.query(ENROL, [org_id, run_id, sequence.id, batch, newIds, contactIds])) as object[];
    if (taken.length === 0) return;
    await this.jobs.enqueue(manager, SEQUENCE_STEP, first, inMinutes(sequence.steps[0]!.delay_in_minutes));
  }
}
