import { Injectable } from '@nestjs/common';
import { ArrayContainedBy, type EntityManager } from 'typeorm';
import { assertScopes } from '../../../access/principal/missing-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import { rowAsJson } from '../../../core/database/row-as-json.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { SecretBox } from '../../../core/encryption/secret-box.js';
import { rowId } from '../../../core/wire/row-id.js';
import type { Page, Wire, WireJson } from '../../../core/wire/wire-json.js';
import type { Values } from '../../../kit/crud/definition.js';
import { type Filters, isAnyOf } from '../../../kit/lists/filters.js';
import type { PageRequest } from '../../../kit/lists/list-queries.js';
import { PreparedPages } from '../../../kit/lists/prepared-pages.js';
import { assertRoomForWebhook, deleteWebhook } from '../../../kit/webhooks/managed-webhooks.service.js';
import { mintWebhookSecret } from '../../../kit/webhooks/sign-webhook.js';
import { DELIVERY_STATUSES, WebhookDelivery } from '../../../kit/webhooks/webhook-delivery.entity.js';
import { WebhookEndpoint } from '../../../kit/webhooks/webhook-endpoint.entity.js';
import { WEBHOOK_EVENT_NAMES, WEBHOOK_EVENTS, type WebhookEvent } from '../../../kit/webhooks/webhook-events.js';
import type { NewWebhookEndpoint } from './webhook.dto.js';
import { kit } from './webhooks.definition.js';

export const DELIVERY_FILTERS: Filters = { status: isAnyOf('status', DELIVERY_STATUSES) };

@Injectable()
export class WebhookEndpoints extends kit.Service {
  readonly #deliveries: PreparedPages<WebhookDelivery>;

  constructor(
    database: Database,
    private readonly secretBox: SecretBox,
  ) {
    super(database);
    this.#deliveries = new PreparedPages(database, {
      table: 'webhook_deliveries',
      item: rowAsJson(database.dataSource.getMetadata(WebhookDelivery)),
      filters: DELIVERY_FILTERS,
      within: { table: 'webhook_endpoints', column: 'endpoint_id', where: kit.definition.where! },
    });
  }

  /** The only response with the secret. @throws AppError scope_missing (403), limit_reached (409) */
  async add(principal: Principal, values: Values<WebhookEndpoint>): Promise<Wire<NewWebhookEndpoint>> {
    const { orgId } = principal;
    assertMayRead(principal, values.events as WebhookEvent[]);
    const id = uuidV7();
    const { secret: signing_secret } = mintWebhookSecret('hmac');
    const secret = this.secretBox.seal(signing_secret, `webhook_endpoints.secret ${orgId} ${id}`);
    return inTransaction(this.database.dataSource, async (manager) => {
      await assertRoomForWebhook(manager, { orgId });
      const row = { ...values, id, org_id: orgId, owner_id: orgId, secret };
      return { ...(await this.insert(row, manager)), signing_secret };
    });
  }

  /** Only disabling needs no scope of the events. @throws AppError not_found (404), scope_missing (403) */
  override async update(
    principal: Principal,
    id: string,
    values: Values<WebhookEndpoint>,
  ): Promise<Wire<WebhookEndpoint>> {
    const { url, events, is_enabled } = values;
    return inTransaction(this.database.dataSource, async (manager) => {
      const present = await this.#lockOrThrow(manager, principal, id);
      if (url !== undefined || events !== undefined || is_enabled === true) {
        assertMayRead(principal, (events as WebhookEvent[] | undefined) ?? present.events);
      }
      return super.update(principal, id, values, manager);
    });
  }

  /** @throws AppError not_found (404) */
  override async delete(principal: Principal, id: string): Promise<void> {
    await inTransaction(this.database.dataSource, async (manager) => {
      await this.#lockOrThrow(manager, principal, id);
      await deleteWebhook(manager, id);
    });
  }

  /** @throws AppError not_found (404) for the endpoint */
  async deliveries(
    principal: Principal,
    id: string,
    page: PageRequest,
  ): Promise<WireJson<Page<Wire<WebhookDelivery>>>> {
    return (await this.#deliveries.readWithin(principal.orgId, id, page)) ?? this.notFound();
  }

  /** Keys don't see endpoints with events of keys and members. @throws AppError not_found (404) */
  async #lockOrThrow(manager: EntityManager, { orgId }: Principal, id: string): Promise<WebhookEndpoint> {
    const where = { org_id: orgId, id: rowId(id), events: ArrayContainedBy(WEBHOOK_EVENT_NAMES) };
    const lock = { mode: 'pessimistic_write' } as const;
    return (await manager.findOne(WebhookEndpoint, { where, lock })) ?? this.notFound();
  }
}

/** Deliveries are sent without a key, so the caller must have the scopes. @throws AppError scope_missing (403) */
function assertMayRead(principal: Principal, events: readonly WebhookEvent[]): void {
  assertScopes(
    principal,
    events.flatMap((event) => WEBHOOK_EVENTS[event].scopes),
  );
}
