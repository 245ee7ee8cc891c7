import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { uuidV7 } from '../../core/database/uuid-v7.js';
import { Jobs } from '../../core/jobs/jobs.service.js';
import { isSubscribed } from './subscriptions.js';
import { GIVE_UP_AFTER_MS } from './retry-schedule.js';
import { WEBHOOK_DELIVERY } from './webhook-delivery.job.js';
import type { WebhookDelivery } from './webhook-delivery.entity.js';
import type { WebhookEvent } from './webhook-events.js';
import { INSTALLATION_ID } from './webhook-owner.js';

/** Reads the data of an event when it is sent. @param subject as it was published */
export type DataReader = (manager: EntityManager, orgId: string, subject: object) => Promise<object>;

/** Where something changed: in an org, at a partner without one of its orgs, or in the installation. */
export interface Place {
  readonly orgId: string | null;
  readonly partnerId: string | null;
}

/** An endpoint that gets the events of a place, and what the event says of the org. */
export interface Listener {
  readonly org_id: string | null;
  readonly partner_id: string | null;
  readonly external_id: string | null;
  readonly endpoint_id: string;
  readonly events: readonly string[];
}

export interface NewDelivery extends Pick<WebhookDelivery, 'endpoint_id' | 'org_id' | 'type' | 'subject'> {
  readonly payload?: object;
}

/** The endpoints of each place: its org's, those of the partner, and the installation's. Every name is a parameter. */
const LISTENERS = `
  SELECT place.org_id, place.partner_id, orgs.external_id, endpoint.id AS endpoint_id, endpoint.events
  FROM unnest($1::uuid[], $2::uuid[]) AS place (org_id, partner_id) LEFT JOIN orgs ON orgs.id = place.org_id
  JOIN webhook_endpoints endpoint
    ON endpoint.owner_id = ANY (ARRAY[place.org_id, coalesce(orgs.partner_id, place.partner_id), $3::uuid])
  WHERE is_enabled`;

/** One statement for any number of rows. */
const INSERT = `
  INSERT INTO webhook_deliveries (id, org_id, endpoint_id, type, subject, payload, next_attempt_at, give_up_at)
  SELECT id, org_id, endpoint_id, type, subject, payload, now(), $2
  FROM jsonb_to_recordset($1::jsonb)
    AS new (id uuid, org_id uuid, endpoint_id uuid, type text, subject jsonb, payload jsonb)`;

/** Publishes events to the endpoints of an org, its partner and the installation. */
@Injectable()
export class Webhooks {
  readonly #readers = new Map<string, DataReader>();

  constructor(private readonly jobs: Jobs) {}

  /** Registers how the data of an event is read. Call before the server starts. */
  describe(event: WebhookEvent, reader: DataReader): void {
    this.#readers.set(event, reader);
  }

  /** @throws Error for an event whose data is not read when it is sent */
  readerOf(event: string): DataReader {
    const reader = this.#readers.get(event);
    if (!reader) throw new Error(`No feature describes the event ${event}.`);
    return reader;
  }

  /**
   * Enqueues a delivery for each subscribed endpoint.
   * @param manager of the transaction of the change
   * @param subject ids of the rows that the event is about
   */
  async publish(manager: EntityManager, orgId: string, type: WebhookEvent, subject: object): Promise<void> {
    const listeners = await this.listenersOf(manager, [{ orgId, partnerId: null }]);
    const subscribed = listeners.filter(({ events }) => isSubscribed(events, type));
    await this.deliver(
      manager,
      subscribed.map(({ endpoint_id }) => ({ endpoint_id, org_id: orgId, type, subject })),
    );
  }

  /** @param places without repeats */
  async listenersOf(manager: EntityManager, places: readonly Place[]): Promise<Listener[]> {
    const columns = [places.map(({ orgId }) => orgId), places.map(({ partnerId }) => partnerId)];
    return (await manager.query(LISTENERS, [...columns, INSTALLATION_ID])) as Listener[];
  }

  /** Stores deliveries and enqueues them, in one statement each. @returns their ids */
  async deliver(
    manager: EntityManager,
    deliveries: readonly NewDelivery[],
    { isUrgent = false } = {},
  ): Promise<string[]> {
    if (deliveries.length === 0) return [];
    const rows = deliveries.map((delivery) => ({ ...delivery, id: uuidV7() }));
    await manager.query(INSERT, [JSON.stringify(rows), new Date(Date.now() + GIVE_UP_AFTER_MS)]);
    const keys = rows.map(({ id, endpoint_id }) => ({ id, endpoint_id, turn: 0, isUrgent }));
    await this.jobs.enqueueAll(manager, WEBHOOK_DELIVERY, keys);
    return rows.map(({ id }) => id);
  }
}
