import { Injectable } from '@nestjs/common';
import { assertScopes } from '../../../access/principal/missing-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import { rowAsJson } from '../../../core/database/row-as-json.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { SecretBox } from '../../../core/encryption/secret-box.js';
import { coreErrors } from '../../../core/errors/core-errors.js';
import type { Page, Wire, WireJson } from '../../../core/wire/wire-json.js';
import type { Values } from '../../../kit/crud/definition.js';
import { type Filters, isAnyOf } from '../../../kit/lists/filters.js';
import type { PageRequest } from '../../../kit/lists/list-queries.js';
import { PreparedPages } from '../../../kit/lists/prepared-pages.js';
import { mintWebhookSecret } from '../../../kit/webhooks/sign-webhook.js';
import { DELIVERY_STATUSES, WebhookDelivery } from '../../../kit/webhooks/webhook-delivery.entity.js';
import { WebhookEndpoint } from '../../../kit/webhooks/webhook-endpoint.entity.js';
import { WEBHOOK_EVENTS, type WebhookEvent } from '../../../kit/webhooks/webhook-events.js';
import { lockOrgForCount } from '../../../tenancy/orgs/orgs.service.js';
import type { NewWebhookEndpoint } from './webhook.dto.js';
import { kit } from './webhooks.definition.js';

const ENDPOINTS_MAX = 20;

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
      within: { table: 'webhook_endpoints', column: 'endpoint_id' },
    });
  }

  /** The only response with the secret. @throws AppError scope_missing (403), limit_reached (409) */
  async add(principal: Principal, values: Values<WebhookEndpoint>): Promise<Wire<NewWebhookEndpoint>> {
    const { orgId } = principal;
    assertMayRead(principal, values.events as WebhookEvent[]);
    const id = uuidV7();
    const signing_secret = mintWebhookSecret();
    const secret = this.secretBox.seal(signing_secret, `webhook_endpoints.secret ${orgId} ${id}`);
    return inTransaction(this.database.dataSource, async (manager) => {
      await lockOrgForCount(manager, orgId);
      const count = await manager.countBy(WebhookEndpoint, { org_id: orgId });
      if (count >= ENDPOINTS_MAX) throw coreErrors.limit_reached({ max: ENDPOINTS_MAX, what: 'webhook endpoints' });
      return { ...(await this.insert({ ...values, id, org_id: orgId, secret }, manager)), signing_secret };
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
      const where = { org_id: principal.orgId, id };
      const present = await manager.findOne(WebhookEndpoint, { where, lock: { mode: 'pessimistic_write' } });
      if (!present) return this.notFound();
      if (url !== undefined || events !== undefined || is_enabled === true) {
        assertMayRead(principal, (events as WebhookEvent[] | undefined) ?? present.events);
      }
      return super.update(principal, id, values, manager);
    });
  }

  /** @throws AppError not_found (404) for the endpoint */
  async deliveries(
    { orgId }: Principal,
    id: string,
    page: PageRequest,
  ): Promise<WireJson<Page<Wire<WebhookDelivery>>>> {
    return (await this.#deliveries.readWithin(orgId, id, page)) ?? this.notFound();
  }
}

/** Deliveries are sent without a key, so the caller must have the scopes. @throws AppError scope_missing (403) */
function assertMayRead(principal: Principal, events: readonly WebhookEvent[]): void {
  assertScopes(
    principal,
    events.flatMap((event) => WEBHOOK_EVENTS[event]),
  );
}
