import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DomainEventBus } from '../../../kit/domain-events/domain-event-bus.js';
import type { DomainEvent } from '../../../kit/domain-events/domain-event.js';
import type { WebhookEvent } from '../../../kit/webhooks/webhook-events.js';
import { Webhooks } from '../../../kit/webhooks/webhooks.service.js';
import { type EventField, type EventIds, idsOf, withFacts } from '../event-facts/event-facts.js';

type IdsEvent = 'sequence.completed' | 'workflow.run.succeeded' | 'workflow.run.failed';
type SessionEvent = Exclude<WebhookEvent, IdsEvent>;

/** What the events carry besides the ids. */
const DATA: Readonly<Record<SessionEvent, readonly EventField[]>> = {
  'conversation.started': ['session', 'contact'],
  'conversation.message_added': ['session', 'contact', 'message'],
  'conversation.status_changed': ['session', 'contact'],
  'conversation.handoff_to_human': ['session', 'contact', 'handoff'],
  'conversation.closed': ['session', 'contact'],
  'conversation.reopened': ['session', 'contact'],
  'sla.first_reply_breached': ['session', 'contact'],
  'sla.resolution_breached': ['session', 'contact'],
  'csat.score_submitted': ['session', 'contact', 'score', 'comment'],
};

/** Events that carry ids alone. */
const IDS: {
  readonly [Name in IdsEvent]: (event: DomainEvent<Name>) => object;
} = {
  'sequence.completed': ({ sequenceId }) => ({ sequence_id: sequenceId }),
  'workflow.run.succeeded': ({ workflowId, runId }) => ({ workflow_id: workflowId, run_id: runId }),
  'workflow.run.failed': ({ workflowId, runId }) => ({ workflow_id: workflowId, run_id: runId }),
};

/** Publishes domain events of the resources. */
@Injectable()
export class ResourceEvents implements OnModuleInit {
  constructor(
    private readonly events: DomainEventBus,
    private readonly webhooks: Webhooks,
  ) {}

  onModuleInit(): void {
    for (const [name, fields] of Object.entries(DATA) as [SessionEvent, readonly EventField[]][]) {
      this.webhooks.describe(name, async (manager, orgId, subject) => {
        const facts = await withFacts(manager, orgId, subject as EventIds);
        return { ...subject, ...Object.fromEntries(fields.map((field) => [field, facts[field] ?? null])) };
      });
      this.events.listen(name, (manager, event) => this.webhooks.publish(manager, event.orgId, name, idsOf(event)));
    }
    for (const name of Object.keys(IDS) as IdsEvent[]) this.#publishIds(name);
  }

  #publishIds<Name extends IdsEvent>(name: Name): void {
    this.webhooks.describe(name, async (_manager, _orgId, subject) => subject);
    this.events.listen(name, (manager, event) => this.webhooks.publish(manager, event.orgId, name, IDS[name](event)));
  }
}
