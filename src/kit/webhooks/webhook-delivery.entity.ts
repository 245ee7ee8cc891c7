import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow, TIMESTAMP } from '../../core/database/base.entity.js';
import { About, Field } from '../../core/wire/field.js';
import { nullable, oneOf, INTEGER } from '../../core/wire/schema.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';
import { WEBHOOK_EVENT_NAMES, type WebhookEvent } from './webhook-events.js';

export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** An event on its way to an endpoint. */
@Entity('webhook_deliveries')
@Index('webhook_deliveries_endpoint', ['org_id', 'endpoint_id', 'id'])
@Index('webhook_deliveries_ended_at', ['ended_at'], { where: 'ended_at IS NOT NULL' })
@ForeignKey(() => WebhookEndpoint, ['org_id', 'endpoint_id'], ['org_id', 'id'], {
  name: 'webhook_deliveries_endpoint_fk',
  onDelete: 'CASCADE',
})
export class WebhookDelivery extends OrgRow {
  @Column('uuid', { select: false })
  endpoint_id: string;

  @Column('text')
  @Field(oneOf(WEBHOOK_EVENT_NAMES))
  type: WebhookEvent;

  /** Ids of the rows that the event is about. They are read when it is sent, so that a redaction counts. */
  @Column('jsonb', { select: false })
  subject: object;

  @About('`pending`: it is sent soon, or again.')
  @Column('text', { default: 'pending' })
  @Field(oneOf(DELIVERY_STATUSES))
  status: DeliveryStatus;

  @Column('integer', { default: 0 })
  attempts: number;

  @About('HTTP status of the last attempt; null if there was no answer.')
  @Column('integer', { nullable: true })
  @Field(nullable(INTEGER))
  response_status: number | null;

  @Column('text', { nullable: true })
  error: string | null;

  @Column({ ...TIMESTAMP, nullable: true })
  ended_at: Date | null;
}
