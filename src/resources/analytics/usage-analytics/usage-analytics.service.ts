import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import type { PreparedRead } from '../../../core/database/fast-lane/fast-lane.js';
import { invalidField } from '../../../core/errors/invalid-request.js';
import { endOfRangeMs } from '../../../kit/lists/date-range.js';
import { Usage } from '../../../kit/usage/usage.service.js';
import type { WireJson } from '../../../core/wire/wire-json.js';
import type { AnalyticsOverview, AnalyticsUsage, OverviewQuery } from './usage-analytics.dto.js';
import { COUNTED_UNTIL, OVERVIEW, USAGE_OF_MONTH } from './usage-analytics.sql.js';

const DAYS_MAX = 366;
const DAY_MS = 86_400_000;

@Injectable()
export class UsageAnalytics {
  readonly #overview: PreparedRead;
  readonly #countedUntil: PreparedRead;
  readonly #usage: PreparedRead;

  constructor(
    database: Database,
    private readonly usage: Usage,
  ) {
    this.#overview = database.slowReads.prepare('analytics.overview', OVERVIEW);
    this.#countedUntil = database.slowReads.prepare('analytics.counted-until', COUNTED_UNTIL);
    this.#usage = database.slowReads.prepare('analytics.usage', USAGE_OF_MONTH);
  }

  /** @throws AppError invalid_request (400) */
  async overview({ orgId }: Principal, { from, to }: OverviewQuery): Promise<WireJson<AnalyticsOverview>> {
    if (endOfRangeMs(to) < Date.parse(from)) throw invalidField('to', 'to must not be before from');
    if (Date.parse(to) - Date.parse(from) > DAYS_MAX * DAY_MS) {
      throw invalidField('to', `to must be at most ${DAYS_MAX} days after from`);
    }
    return (await this.#overview.json<AnalyticsOverview>([orgId, from, to]))!;
  }

  /** Returns an `AnalyticsUsage`. Flushes the counters of this process first. */
  async usageOfMonth({ orgId }: Principal): Promise<WireJson<AnalyticsUsage>> {
    await this.usage.flush();
    const countedUntil = (await this.#countedUntil.text([orgId])) ?? null;
    // Counts that the job has renewed since then start later, which the statement sees.
    return (await this.#usage.json<AnalyticsUsage>([orgId, countedUntil]))!;
  }
}
