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
/** Skips locked clocks, which are being completed or recorded, and those of archived orgs. */
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

/** Records overdue clocks and emits their events in one transaction, so that each breach is reported once. */
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
      // TypeORM returns the rows of an UPDATE and their number.
      const [breached] = (await manager.query(RECORD)) as [Breached[], number];
      for (const { org_id: orgId, session_id: sessionId, metric } of breached) {
        await this.events.emit(manager, { name: BREACHED[metric], orgId, sessionId });
      }
      return breached.length;
    });
  }
}
