import { Column, Entity, Index } from 'typeorm';
import { Identified, TIMESTAMP } from '../../core/database/base.entity.js';
import { About, Field } from '../../core/wire/field.js';
import { nullable, oneOf, INTEGER } from '../../core/wire/schema.js';
import { WEBHOOK_EVENT_NAMES } from './webhook-events.js';

export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** One attempt, as the API shows it. */
export interface LoggedAttempt {
  readonly at: string;
  readonly duration_ms: number;
  readonly response_status: number | null;
  readonly error: string | null;
}

/**
 * An event on its way to an endpoint. There is no foreign key to the endpoint: its check would lock the endpoint's row in
 * the transaction of every change, and a deleted endpoint must not fail a change. `WebhookSender` deletes what is left over.
 */
@Entity('webhook_deliveries')
@Index('webhook_deliveries_endpoint', ['endpoint_id', 'id'])
@Index('webhook_deliveries_failed', ['endpoint_id', 'id'], { where: "status = 'failed'" })
@Index('webhook_deliveries_ended_at', ['ended_at'], { where: 'ended_at IS NOT NULL' })
export class WebhookDelivery extends Identified {
  /** The org of the event, which is not the owner of a partner's endpoint. Null for events of the installation. */
  @Column('uuid', { nullable: true, select: false })
  org_id: string | null;

  @Column('uuid', { select: false })
  endpoint_id: string;

  @Column('text')
  @Field(oneOf(WEBHOOK_EVENT_NAMES))
  type: string;

  /** Ids of the rows that the event is about. They are read when it is sent, so that a redaction counts. */
  @Column('jsonb', { select: false })
  subject: object;

  /** Of a lifecycle event: the fields of its body, as of the change. */
  @Column('jsonb', { nullable: true, select: false })
  payload: object | null;

  @About('`pending`: it is sent soon, or again.')
  @Column('text', { default: 'pending' })
  @Field(oneOf(DELIVERY_STATUSES))
  status: DeliveryStatus;

  @Column('integer', { default: 0 })
  attempts: number;

  /** The newest ones, oldest first. */
  @Column('jsonb', { default: [], select: false })
  attempt_log: LoggedAttempt[];

  @About('HTTP status of the last attempt; null if there was no answer.')
  @Column('integer', { nullable: true })
  @Field(nullable(INTEGER))
  response_status: number | null;

  @Column('text', { nullable: true })
  error: string | null;

  @Column({ ...TIMESTAMP, nullable: true, select: false })
  next_attempt_at: Date | null;

  @Column({ ...TIMESTAMP, select: false })
  give_up_at: Date;

  /** Rises with each job of the delivery. A job of an earlier turn does nothing. */
  @Column('integer', { default: 0, select: false })
  turn: number;

  @Column({ ...TIMESTAMP, nullable: true })
  ended_at: Date | null;
}
