import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CONFIG, type Config } from '../../core/config/config.js';
import { AuditChains, type AuditRecord, type Recorded } from '../audit/audit-chains.js';
import { EVENT_SUBJECTS, type EventSubject } from './event-subject.js';
import { isLifecycleEvent } from './lifecycle-events.js';
import { isSubscribed } from './subscriptions.js';
import { type Listener, type NewDelivery, type Place, Webhooks } from './webhooks.service.js';

/** A record that an endpoint has subscribed to. */
interface Heard extends Recorded {
  readonly listeners: readonly Listener[];
}

/**
 * Publishes lifecycle events: the audit records of a transaction with a public action. The deliveries commit with the
 * change. Thousands of records cost the same number of statements as one.
 */
@Injectable()
export class AuditEvents implements OnModuleInit {
  readonly #readers: ReadonlyMap<string, string>;

  constructor(
    private readonly chains: AuditChains,
    private readonly webhooks: Webhooks,
    @Inject(EVENT_SUBJECTS) subjects: readonly EventSubject[],
    @Inject(CONFIG) { limits }: Config,
  ) {
    this.#readers = new Map(subjects.map((subject) => [subject.type, subject.sql(limits)]));
  }

  onModuleInit(): void {
    this.chains.listen((manager, recorded) => this.#publish(manager, recorded));
  }

  async #publish(manager: EntityManager, recorded: readonly Recorded[]): Promise<void> {
    const isPublic = recorded.filter(({ record }) => isLifecycleEvent(record.action));
    if (isPublic.length === 0) return;
    const heard = await this.#heard(manager, isPublic);
    if (heard.length === 0) return;
    const data = await this.#read(manager, heard);
    await this.webhooks.deliver(
      manager,
      heard.flatMap(({ actor, record, listeners }) =>
        listeners.map(({ endpoint_id, external_id }): NewDelivery => {
          const { action, target, changes = null } = record;
          const { orgId } = placeOf(record);
          const { type, id, name } = actor;
          const object = data.get(keyOf(record)) ?? { id: target.id, name: target.name };
          const payload = { org_id: orgId, org_external_id: external_id, data: object, changes };
          return {
            endpoint_id,
            org_id: orgId,
            type: action,
            subject: { type: target.type, id: target.id },
            payload: { ...payload, actor: { type, id, name } },
          };
        }),
      ),
    );
  }

  async #heard(manager: EntityManager, recorded: readonly Recorded[]): Promise<Heard[]> {
    const places = new Map(recorded.map(({ record }) => [placeKeyOf(placeOf(record)), placeOf(record)]));
    const listeners = Map.groupBy(await this.webhooks.listenersOf(manager, [...places.values()]), (listener) =>
      placeKeyOf({ orgId: listener.org_id, partnerId: listener.partner_id }),
    );
    return recorded
      .map(({ actor, record }) => {
        const here = listeners.get(placeKeyOf(placeOf(record))) ?? [];
        return { actor, record, listeners: here.filter(({ events }) => isSubscribed(events, record.action)) };
      })
      .filter((each) => each.listeners.length > 0);
  }

  /** Reads the objects as of the end of the transaction, in one statement per type. */
  async #read(manager: EntityManager, heard: readonly Heard[]): Promise<Map<string, unknown>> {
    const data = new Map<string, unknown>();
    for (const [type, records] of Map.groupBy(heard, ({ record }) => record.target.type)) {
      const sql = this.#readers.get(type);
      if (sql === undefined) continue;
      const ids = [records.map(({ record }) => record.orgId), records.map(({ record }) => record.target.id)];
      const rows = (await manager.query(sql, ids)) as { id: string; data: unknown }[];
      for (const row of rows) data.set(`${type} ${row.id}`, row.data);
    }
    return data;
  }
}

function keyOf({ target }: AuditRecord): string {
  return `${target.type} ${target.id}`;
}

/** A key that was just created has undefined instead of null. */
function placeOf({ orgId, partnerId }: AuditRecord): Place {
  return { orgId: orgId ?? null, partnerId: partnerId ?? null };
}

function placeKeyOf({ orgId, partnerId }: Place): string {
  return `${orgId} ${partnerId}`;
}
