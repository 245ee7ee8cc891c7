import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../../core/database/database.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { DomainEventBus } from '../../../kit/domain-events/domain-event-bus.js';
import { defineScheduledJob } from '../../../core/jobs/job.js';
import { Jobs } from '../../../core/jobs/jobs.service.js';
import { isLiveOrg } from '../../../tenancy/orgs/org-sql.js';
import type { SlaMetric } from './sla-clock.entity.js';
import { BREACHED } from './sla-clocks.service.js';

/** Every minute, by one process. */
export const SLA_BREACHES = defineScheduledJob({
  name: 'sla-breaches',
  schedule: '* * * * *',
  retries: 1,
  retryAfterSeconds: 10,
  secondsMax: 300,
});

const CLOCKS_PER_BATCH = 200;
/** A clock that somebody else holds is being stopped, or recorded, by them. What belongs to archived orgs rests. */
const RECORD = `
  UPDATE sla_clocks SET state = 'breached', breached_at = due_at
  FROM (
    SELECT org_id, session_id, metric FROM sla_clocks
    WHERE state = 'active' AND due_at < now()
      AND ${isLiveOrg('sla_clocks.org_id')}
    ORDER BY due_at LIMIT ${CLOCKS_PER_BATCH} FOR UPDATE OF sla_clocks SKIP LOCKED
  ) overdue
  WHERE sla_clocks.org_id = overdue.org_id AND sla_clocks.session_id = overdue.session_id
    AND sla_clocks.metric = overdue.metric
  RETURNING sla_clocks.org_id, sla_clocks.session_id, sla_clocks.metric`;

interface Breached {
  readonly org_id: string;
  readonly session_id: string;
  readonly metric: SlaMetric;
}

/** Records what is overdue and tells of it, in one transaction: once, however many look for it. */
@Injectable()
export class SlaBreaches implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly events: DomainEventBus,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(SLA_BREACHES, { run: (_input, signal) => this.record(signal) });
  }

  async record(signal?: AbortSignal): Promise<void> {
    let recorded: number;
    do {
      recorded = await this.#recordBatch();
    } while (recorded === CLOCKS_PER_BATCH && !signal?.aborted);
  }

  async #recordBatch(): Promise<number> {
    return inTransaction(this.database.dataSource, async (manager) => {
      // TypeORM answers an UPDATE with its rows and their number.
      const [breached] = (await manager.query(RECORD)) as [Breached[], number];
      for (const { org_id: orgId, session_id: sessionId, metric } of breached) {
        await this.events.emit(manager, { name: BREACHED[metric], orgId, sessionId });
      }
      return breached.length;
    });
  }
}
