import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { WithinOrg } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import { inTransaction } from '../../../core/database/transaction.js';
import type { DomainEvent } from '../../../kit/domain-events/domain-event.js';
import { DomainEventBus } from '../../../kit/domain-events/domain-event-bus.js';
import { notFound } from '../../../core/errors/core-errors.js';
import { ChatHistory } from '../../conversations/chat-sessions/chat-history.service.js';
import { idsOf } from '../event-facts/event-facts.js';
import { AWAITED_EVENTS, type AwaitedEvent, type EventTrigger, isFiredBy } from './triggers.js';
import { type RunnableVersion, WorkflowRuns } from './workflow-runs.service.js';

// The lock prevents deletion of the workflow before its run is inserted.
const ACTIVE = `
  SELECT workflows.id AS workflow_id, version.id AS version_id, version.trigger_type
  FROM workflows JOIN workflow_versions version ON version.org_id = workflows.org_id
    AND version.workflow_id = workflows.id AND version.version_number = workflows.active_version`;
const OF_WEBHOOK = `${ACTIVE}
  WHERE webhook_token = $2 AND workflows.org_id = $1 AND version.trigger_type = 'webhook'
  FOR KEY SHARE OF workflows`;
const OF_EVENT = `${ACTIVE}
  WHERE workflows.org_id = $1 AND awaited_event = $2
  ORDER BY workflows.id FOR KEY SHARE OF workflows`;

interface WaitingVersion extends RunnableVersion {
  readonly trigger_type: EventTrigger;
}

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
    for (const name of AWAITED_EVENTS) {
      this.events.listenWhereAwaited(name, (manager, event) => this.#startRuns(manager, event));
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
    const waiting = (await manager.query(OF_EVENT, [event.orgId, event.name])) as WaitingVersion[];
    for (const version of waiting.filter(({ trigger_type }) => isFiredBy(trigger_type, event))) {
      const runId = await this.runs.start(manager, event.orgId, version, 'automatic', idsOf(event));
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
