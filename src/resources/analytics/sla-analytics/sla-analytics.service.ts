import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import type { PreparedRead } from '../../../core/database/fast-lane/fast-lane.js';
import { assertValidRange } from '../../../kit/lists/date-range.js';
import type { SlaAnalyticsQuery, SlaReport } from './sla-analytics.dto.js';
import { SLA_ANALYTICS } from './sla-analytics.sql.js';
import type { WireJson } from '../../../core/wire/wire-json.js';

@Injectable()
export class SlaAnalytics {
  readonly #report: PreparedRead;

  constructor(database: Database) {
    this.#report = database.slowReads.prepare('sla_clocks.report', SLA_ANALYTICS);
  }

  /** @throws AppError invalid_request (400) */
  async report({ orgId }: Principal, query: SlaAnalyticsQuery): Promise<WireJson<SlaReport>> {
    assertValidRange(query);
    const { start_date = null, end_date = null, timezone, policy_id = null, team_id = null, channel = null } = query;
    return (await this.#report.json<SlaReport>([orgId, start_date, end_date, timezone, policy_id, team_id, channel]))!;
  }
}
