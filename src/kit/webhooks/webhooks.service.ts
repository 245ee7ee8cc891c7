import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { uuidV7 } from '../../core/database/uuid-v7.js';
import { defineJob } from '../../core/jobs/job.js';
import { Jobs } from '../../core/jobs/jobs.service.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';
import type { WebhookEvent } from './webhook-events.js';

export type DeliveryKey = Pick<WebhookDelivery, 'org_id' | 'id'>;

/** Sends one delivery. The delays double up to an hour, so that the last attempt is after about three days. */
export const WEBHOOK_DELIVERY = defineJob<DeliveryKey>({
  name: 'webhook-delivery',
  retries: 80,
  retryAfterSeconds: 5,
  secondsMax: 60,
  atOnce: 8,
});

/** Reads the data of an event when it is sent. @param subject as it was published */
export type DataReader = (manager: EntityManager, orgId: string, subject: object) => Promise<object>;

// The lock prevents deletion of the endpoint before its delivery is inserted.
const SUBSCRIBED = `
  SELECT id FROM webhook_endpoints WHERE org_id = $1 AND is_enabled AND $2 = ANY (events) FOR KEY SHARE`;

/** Publishes events to the endpoints of an org. */
@Injectable()
export class Webhooks {
  readonly #readers = new Map<WebhookEvent, DataReader>();

  constructor(private readonly jobs: Jobs) {}

  /** Registers how the data of an event is read. Call before the server starts. */
  describe(event: WebhookEvent, reader: DataReader): void {
    this.#readers.set(event, reader);
  }

  readerOf(event: WebhookEvent): DataReader {
    return this.#readers.get(event)!;
  }

  /**
   * Enqueues a delivery for each subscribed endpoint.
   * @param manager of the transaction of the change
   * @param subject ids of the rows that the event is about
   */
  async publish(manager: EntityManager, orgId: string, type: WebhookEvent, subject: object): Promise<void> {
    const endpoints = (await manager.query(SUBSCRIBED, [orgId, type])) as { id: string }[];
    if (endpoints.length === 0) return;
    const deliveries = endpoints.map(({ id }) => ({ org_id: orgId, id: uuidV7(), endpoint_id: id, type, subject }));
    await manager.insert(WebhookDelivery, deliveries);
    const keys = deliveries.map(({ org_id, id }) => ({ org_id, id }));
    await this.jobs.enqueueAll(manager, WEBHOOK_DELIVERY, keys);
  }
}
