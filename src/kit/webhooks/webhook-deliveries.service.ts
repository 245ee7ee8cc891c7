import { Injectable } from '@nestjs/common';
import { IsIn } from 'class-validator';
import type { EntityManager } from 'typeorm';
import { Database } from '../../core/database/database.js';
import { instantAsText } from '../../core/database/row-as-json.js';
import { inTransaction } from '../../core/database/transaction.js';
import { notFound } from '../../core/errors/core-errors.js';
import { Jobs } from '../../core/jobs/jobs.service.js';
import type { Page, Wire, WireJson } from '../../core/wire/wire-json.js';
import { fromTo } from '../lists/date-range.js';
import { equals, type Filters, isAnyOf } from '../lists/filters.js';
import type { PageRequest } from '../lists/list-queries.js';
import { PreparedPages } from '../lists/prepared-pages.js';
import type { ManagedWebhookDelivery } from './managed-webhook.dto.js';
import { lockWebhookOrThrow, webhookNotFound } from './managed-webhooks.service.js';
import { GIVE_UP_AFTER_MS } from './retry-schedule.js';
import { EVENT_TYPES, TEST_EVENT } from './subscriptions.js';
import { DELIVERY_STATUSES } from './webhook-delivery.entity.js';
import { type DeliveryKey, WEBHOOK_DELIVERY } from './webhook-delivery.job.js';
import { orgIdOf, ownerIdOf, type WebhookOwner } from './webhook-owner.js';
import { webhookErrors } from './webhooks.errors.js';
import { Webhooks } from './webhooks.service.js';

const REPLAYED_MAX = 10_000;

export const DELIVERY_FILTERS: Filters = {
  status: isAnyOf('status', DELIVERY_STATUSES),
  type: equals('type', IsIn(EVENT_TYPES)),
  ...fromTo('created_at'),
};

const TIMES = ['next_attempt_at', 'ended_at', 'created_at', 'updated_at'];
/** A `ManagedWebhookDelivery` as JSON text. */
const VIEW = `
  (SELECT row_to_json(wire)::text FROM (
    SELECT id, type, org_id, status, attempts, response_status, error, attempt_log, payload,
      ${TIMES.map((column) => `${instantAsText(column)} AS ${column}`).join(', ')}
  ) wire)`;
const READ = `
  SELECT ${VIEW}::json AS delivery FROM webhook_deliveries WHERE id = $3 AND endpoint_id = (
    SELECT id FROM webhook_endpoints WHERE owner_id = $1 AND webhook_endpoints.id = $2)`;

/** A replay has three days of its own. The turn ends jobs that are enqueued already. */
const REPLAY = `
  UPDATE webhook_deliveries SET status = 'pending', error = NULL, ended_at = NULL, next_attempt_at = now(),
    give_up_at = $2, turn = turn + 1, updated_at = now()`;
const REPLAY_ONE = `${REPLAY} WHERE endpoint_id = $1 AND id = $3 RETURNING id, endpoint_id, turn`;
const REPLAY_FAILED = `${REPLAY} WHERE id = ANY (ARRAY(
    SELECT id FROM webhook_deliveries WHERE endpoint_id = $1 AND status = 'failed' AND created_at >= $3
    ORDER BY id LIMIT ${REPLAYED_MAX} FOR UPDATE SKIP LOCKED))
  RETURNING id, endpoint_id, turn`;

/** The deliveries of an owner's endpoints: the log, replays and the test event. */
@Injectable()
export class WebhookDeliveries {
  readonly #pages: PreparedPages<ManagedWebhookDelivery>;

  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly webhooks: Webhooks,
  ) {
    this.#pages = new PreparedPages(database, {
      table: 'webhook_deliveries',
      name: 'webhook_deliveries.managed',
      item: VIEW,
      filters: DELIVERY_FILTERS,
      owner: null,
      within: { table: 'webhook_endpoints', column: 'endpoint_id', owner: 'owner_id' },
      // Filters have no index of their own.
      isSlow: true,
    });
  }

  /** @throws AppError not_found (404) for the endpoint */
  async list(
    owner: WebhookOwner,
    endpointId: string,
    page: PageRequest,
  ): Promise<WireJson<Page<Wire<ManagedWebhookDelivery>>>> {
    return (await this.#pages.readWithin(ownerIdOf(owner), endpointId, page)) ?? webhookNotFound();
  }

  /** @throws AppError not_found (404) */
  async read(
    owner: WebhookOwner,
    endpointId: string,
    id: string,
    manager = this.database.manager,
  ): Promise<Wire<ManagedWebhookDelivery>> {
    const values = [ownerIdOf(owner), endpointId, id];
    const [row] = (await manager.query(READ, values)) as { delivery: Wire<ManagedWebhookDelivery> }[];
    if (row === undefined) throw notFound('Webhook delivery');
    return row.delivery;
  }

  /**
   * Sends a delivery again, or at once if it is pending, under the same `webhook-id`.
   * @throws AppError not_found (404), webhook_endpoint_disabled (409)
   */
  async replay(owner: WebhookOwner, endpointId: string, id: string): Promise<Wire<ManagedWebhookDelivery>> {
    return inTransaction(this.database.dataSource, async (manager) => {
      await lockEnabled(manager, owner, endpointId);
      const replayed = await this.#replay(manager, REPLAY_ONE, endpointId, id, true);
      if (replayed === 0) throw notFound('Webhook delivery');
      return this.read(owner, endpointId, id, manager);
    });
  }

  /** Sends the oldest failed deliveries again. @throws AppError not_found (404), webhook_endpoint_disabled (409) */
  async replayFailed(owner: WebhookOwner, endpointId: string, since: Date): Promise<number> {
    return inTransaction(this.database.dataSource, async (manager) => {
      await lockEnabled(manager, owner, endpointId);
      return this.#replay(manager, REPLAY_FAILED, endpointId, since, false);
    });
  }

  /** Sends an event of the type `webhook.test`. @throws AppError not_found (404), webhook_endpoint_disabled (409) */
  async test(owner: WebhookOwner, endpointId: string): Promise<Wire<ManagedWebhookDelivery>> {
    return inTransaction(this.database.dataSource, async (manager) => {
      await lockEnabled(manager, owner, endpointId);
      const org_id = orgIdOf(owner);
      const payload = { org_id, data: { endpoint_id: endpointId } };
      const test = { endpoint_id: endpointId, org_id, type: TEST_EVENT, subject: {}, payload };
      const [id] = await this.webhooks.deliver(manager, [test], { isUrgent: true });
      return this.read(owner, endpointId, id!, manager);
    });
  }

  async #replay(
    manager: EntityManager,
    sql: string,
    endpointId: string,
    which: string | Date,
    isUrgent: boolean,
  ): Promise<number> {
    const giveUpAt = new Date(Date.now() + GIVE_UP_AFTER_MS);
    // TypeORM answers an UPDATE with its rows and their number.
    const [keys] = (await manager.query(sql, [endpointId, giveUpAt, which])) as [DeliveryKey[], number];
    await this.jobs.enqueueAll(
      manager,
      WEBHOOK_DELIVERY,
      keys.map((key) => ({ ...key, isUrgent })),
    );
    return keys.length;
  }
}

/** @throws AppError not_found (404), webhook_endpoint_disabled (409) */
async function lockEnabled(manager: EntityManager, owner: WebhookOwner, id: string): Promise<void> {
  const { is_enabled } = await lockWebhookOrThrow(manager, owner, id);
  if (!is_enabled) throw webhookErrors.webhook_endpoint_disabled();
}
