import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { WithinOrg } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import { inTransaction } from '../../../core/database/transaction.js';
import type { DomainEvent } from '../../../kit/domain-events/domain-event.js';
import { DomainEventBus } from '../../../kit/domain-events/domain-event-bus.js';
import { notFound } from '../../../core/errors/core-errors.js';
import { ChatHistory } from '../../conversations/chat-sessions/chat-history.service.js';
import type { EventTrigger } from './trigger-facts.js';
import { type AwaitedEvent, EVENT_TRIGGERS } from './triggers.js';
import { type RunnableVersion, WorkflowRuns } from './workflow-runs.service.js';

// The lock prevents deletion of the workflow before its run is inserted.
const ACTIVE = `
  SELECT workflows.id AS workflow_id, version.id AS version_id
  FROM workflows JOIN workflow_versions version ON version.org_id = workflows.org_id
    AND version.workflow_id = workflows.id AND version.version_number = workflows.active_version`;
const OF_WEBHOOK = `${ACTIVE}
  WHERE webhook_token = $2 AND workflows.org_id = $1 AND version.trigger_type = 'webhook'
  FOR KEY SHARE OF workflows`;
const OF_EVENT = `${ACTIVE}
  WHERE workflows.org_id = $1 AND awaited_event = $2
  ORDER BY workflows.id FOR KEY SHARE OF workflows`;

/** Starts runs: on webhook calls, and on domain events, in the transaction of the change. */
@Injectable()
export class WorkflowTriggers implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly events: DomainEventBus,
    private readonly runs: WorkflowRuns,
    private readonly history: ChatHistory,
  ) {}

  onModuleInit(): void {
    for (const name of Object.values(EVENT_TRIGGERS)) {
      this.events.listenWhereAwaited(name, (manager, event) =>
        this.#startRuns(manager, event as DomainEvent<AwaitedEvent>),
      );
    }
  }

  /** @throws AppError not_found (404) for an unknown token, an inactive workflow or another org's */
  async call({ orgId }: WithinOrg, token: string, body: unknown): Promise<{ run_id: string }> {
    return inTransaction(this.database.dataSource, async (manager) => {
      const [version] = (await manager.query(OF_WEBHOOK, [orgId, token])) as RunnableVersion[];
      if (!version) throw notFound('Webhook');
      return { run_id: await this.runs.start(manager, orgId, version, 'manual', body) };
    });
  }

  async #startRuns(manager: EntityManager, event: DomainEvent<AwaitedEvent>): Promise<void> {
    const versions = (await manager.query(OF_EVENT, [event.orgId, event.name])) as RunnableVersion[];
    for (const version of versions) {
      const runId = await this.runs.start(manager, event.orgId, version, 'automatic', triggerOf(event));
      if (!('sessionId' in event)) continue;
      await this.history.append(manager, {
        orgId: event.orgId,
        sessionId: event.sessionId,
        type: 'workflow_triggered',
        context: { workflow_id: version.workflow_id, run_id: runId },
      });
    }
  }
}

/** Ids only. The rows are read at the start of the run. */
function triggerOf(event: DomainEvent<AwaitedEvent>): EventTrigger {
  if (event.name === 'contact.created') return { contact_id: event.contactId };
  const session = { session_id: event.sessionId };
  return event.name === 'conversation.handoff_to_human' ? { ...session, reasons: event.reasons } : session;
}
