import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DomainEventBus } from '../../../kit/domain-events/domain-event-bus.js';
import type { WebhookEvent } from '../../../kit/webhooks/webhook-events.js';
import { Webhooks } from '../../../kit/webhooks/webhooks.service.js';
import { type EventField, type EventIds, idsOf, withFacts } from '../event-facts/event-facts.js';

/** What the events carry besides the ids. */
const DATA: Readonly<Record<WebhookEvent, readonly EventField[]>> = {
  'conversation.started': ['session', 'contact'],
  'conversation.message_added': ['session', 'contact', 'message'],
  'conversation.status_changed': ['session', 'contact'],
  'conversation.handoff_to_human': ['session', 'contact', 'handoff'],
  'csat.score_submitted': ['session', 'contact', 'score', 'comment'],
};

/** Publishes the domain events of conversations. */
@Injectable()
export class ConversationEvents implements OnModuleInit {
  constructor(
    private readonly events: DomainEventBus,
    private readonly webhooks: Webhooks,
  ) {}

  onModuleInit(): void {
    for (const [name, fields] of Object.entries(DATA) as [WebhookEvent, readonly EventField[]][]) {
      this.webhooks.describe(name, async (manager, orgId, subject) => {
        const facts = await withFacts(manager, orgId, subject as EventIds);
        return { ...subject, ...Object.fromEntries(fields.map((field) => [field, facts[field] ?? null])) };
      });
      this.events.listen(name, (manager, event) => this.webhooks.publish(manager, event.orgId, name, idsOf(event)));
    }
  }
}
