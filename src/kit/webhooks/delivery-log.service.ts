import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../core/database/database.js';
import { inTransaction } from '../../core/database/transaction.js';
import { Jobs } from '../../core/jobs/jobs.service.js';
import { SYSTEM } from '../audit/actor.js';
import { Changes } from '../audit/changes.js';
import { type DueDelivery, DUE } from './due-delivery.js';
import { nextAttemptAt } from './retry-schedule.js';
import type { DeliveryStatus, LoggedAttempt } from './webhook-delivery.entity.js';
import { type DeliveryKey, WEBHOOK_DELIVERY } from './webhook-delivery.job.js';
import type { DisabledReason } from './webhook-endpoint.entity.js';

/** The result of an attempt. */
export interface Attempt {
  /** Null: nothing was sent. */
  readonly at: Date | null;
  readonly durationMs: number;
  /** `pending`: to be tried again, as long as there is time. */
  readonly status: DeliveryStatus;
  readonly responseStatus: number | null;
  readonly error: string | null;
  readonly retryAfter?: string | undefined;
  /** The endpoint wants no more deliveries. */
  readonly isGone?: boolean;
}

const ATTEMPTS_LOGGED = 50;

const SAVE = `
  UPDATE webhook_deliveries SET status = $3, response_status = $4, error = $5, attempts = attempts + $6,
    attempt_log = CASE WHEN jsonb_array_length(attempt_log) < ${ATTEMPTS_LOGGED} THEN attempt_log ELSE attempt_log - 0 END
      || $7::jsonb,
    next_attempt_at = $8, turn = turn + 1, updated_at = now(), ended_at = CASE WHEN $3 <> 'pending' THEN now() END
  WHERE id = $1 AND turn = $2 AND status = 'pending' RETURNING turn`;
const DEFER = `
  UPDATE webhook_deliveries SET next_attempt_at = $3, turn = turn + 1, updated_at = now()
  WHERE id = $1 AND turn = $2 AND status = 'pending' RETURNING turn`;
const GIVE_UP = `
  UPDATE webhook_deliveries SET status = 'failed', next_attempt_at = NULL, updated_at = now(), ended_at = now()
  WHERE id = $1 AND status = 'pending'`;
/** An endpoint that has accepted nothing since the delivery was made. */
const DISABLE_IF_FAILING = `
  UPDATE webhook_endpoints SET is_enabled = false, disabled_reason = 'failing', updated_at = now()
  WHERE id = $1 AND is_enabled AND NOT EXISTS (
    SELECT FROM webhook_deliveries WHERE endpoint_id = $1 AND status = 'delivered' AND ended_at >= $2)
  RETURNING id, org_id, owner_id, url`;
const DISABLE = `
  UPDATE webhook_endpoints SET is_enabled = false, disabled_reason = 'gone', updated_at = now()
  WHERE id = $1 AND is_enabled RETURNING id, org_id, owner_id, url`;

interface Disabled {
  readonly id: string;
  readonly org_id: string | null;
  readonly owner_id: string;
  readonly url: string;
}

/** Reads due deliveries and stores what became of them. */
@Injectable()
export class DeliveryLog {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly changes: Changes,
  ) {}

  /** Undefined: it has ended, a later job makes the attempt, or its endpoint is deleted, as it then is too. */
  async due({ id, turn }: DeliveryKey): Promise<DueDelivery | undefined> {
    const { manager } = this.database;
    const [due] = (await manager.query(DUE, [id, turn ?? null])) as DueDelivery[];
    if (due === undefined || due.url !== null) return due;
    // The change that made it had read the endpoint before its deletion.
    await manager.query('DELETE FROM webhook_deliveries WHERE id = $1', [id]);
    return undefined;
  }

  /** Stores an attempt, and enqueues the next one if there is time for it. */
  async save(due: DueDelivery, attempt: Attempt): Promise<void> {
    if (attempt.isGone) return this.#saveAndDisable(due, attempt, 'gone');
    if (attempt.status !== 'pending') return this.#save(this.database.manager, due, attempt, null);
    const { retryAfterSeconds } = WEBHOOK_DELIVERY;
    const next = nextAttemptAt(due.attempts + 1, retryAfterSeconds, attempt.retryAfter, new Date());
    if (next > due.give_up_at) return this.#saveAndDisable(due, { ...attempt, status: 'failed' }, 'failing');
    await inTransaction(this.database.dataSource, (manager) => this.#save(manager, due, attempt, next));
  }

  /** Puts an attempt off. @param until or the end of the delivery's time, if that is earlier */
  async defer(due: DueDelivery, until: Date): Promise<void> {
    const next = until < due.give_up_at ? until : due.give_up_at;
    await inTransaction(this.database.dataSource, (manager) =>
      this.#enqueueAfter(manager, due, next, DEFER, [due.id, due.turn, next]),
    );
  }

  /** Ends a delivery whose job failed again and again. */
  async giveUp(id: string): Promise<void> {
    await this.database.manager.query(GIVE_UP, [id]);
  }

  async #save(manager: EntityManager, due: DueDelivery, attempt: Attempt, next: Date | null): Promise<void> {
    const { at, durationMs, status, responseStatus, error } = attempt;
    const logged: LoggedAttempt[] =
      at === null ? [] : [{ at: at.toISOString(), duration_ms: durationMs, response_status: responseStatus, error }];
    const values = [due.id, due.turn, status, responseStatus, error, logged.length, JSON.stringify(logged), next];
    await this.#enqueueAfter(manager, due, next, SAVE, values);
  }

  /** Does nothing if the delivery was replayed or ended meanwhile. @param next null: no further attempt */
  async #enqueueAfter(
    manager: EntityManager,
    { id, endpoint_id }: DueDelivery,
    next: Date | null,
    sql: string,
    values: unknown[],
  ): Promise<void> {
    // TypeORM answers an UPDATE with its rows and their number.
    const [[saved]] = (await manager.query(sql, values)) as [{ turn: number }[], number];
    if (saved === undefined || next === null) return;
    await this.jobs.enqueue(manager, WEBHOOK_DELIVERY, { id, endpoint_id, turn: saved.turn }, { after: next });
  }

  async #saveAndDisable(due: DueDelivery, attempt: Attempt, reason: DisabledReason): Promise<void> {
    await this.changes.change(SYSTEM, async (manager, record) => {
      const { endpoint_id, created_at } = due;
      const [[endpoint]] = (await (reason === 'gone'
        ? manager.query(DISABLE, [endpoint_id])
        : manager.query(DISABLE_IF_FAILING, [endpoint_id, created_at]))) as [Disabled[], number];
      if (endpoint !== undefined) {
        const { id, org_id: orgId, owner_id, url } = endpoint;
        const target = { type: 'webhook_endpoint', id, name: new URL(url).origin };
        const changes = {
          is_enabled: { before: true, after: false },
          disabled_reason: { before: null, after: reason },
        };
        const partnerId = orgId === null ? owner_id : null;
        record({ action: 'webhook_endpoint.disabled', orgId, partnerId, target, changes });
      }
      await this.#save(manager, due, attempt, null);
    });
  }
}
