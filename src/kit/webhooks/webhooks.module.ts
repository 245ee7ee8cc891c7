import { type DynamicModule, Module } from '@nestjs/common';
import { AuditEvents } from './audit-events.service.js';
import { DeliveryLog } from './delivery-log.service.js';
import { EVENT_SUBJECTS, type EventSubject } from './event-subject.js';
import { ManagedWebhooks } from './managed-webhooks.service.js';
import { WebhookDeliveries } from './webhook-deliveries.service.js';
import { WebhookSender } from './webhook-sender.service.js';
import { Webhooks } from './webhooks.service.js';

/** Signed calls of customers' endpoints at events. Features publish with `Webhooks`; audit records are published here. */
@Module({})
export class WebhooksModule {
  static with(subjects: readonly EventSubject[]): DynamicModule {
    return {
      module: WebhooksModule,
      global: true,
      providers: [
        { provide: EVENT_SUBJECTS, useValue: subjects },
        ...[Webhooks, AuditEvents, WebhookSender, DeliveryLog, ManagedWebhooks, WebhookDeliveries],
      ],
      exports: [Webhooks, ManagedWebhooks, WebhookDeliveries],
    };
  }
}
