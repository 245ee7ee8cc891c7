import { Injectable } from '@nestjs/common';
import { IsIn } from 'class-validator';
import type { Principal } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import type { PreparedRead } from '../../../core/database/fast-lane/fast-lane.js';
import { assertValidRange, type DateRangeQuery, inRange } from '../../../kit/lists/date-range.js';
import type { Filters } from '../../../kit/lists/filters.js';
import type { PageRequest } from '../../../kit/lists/list-queries.js';
import { PreparedPages } from '../../../kit/lists/prepared-pages.js';
import { HANDOFF_REASONS } from '../../conversations/chat-sessions/chat-session-parts.js';
import { HANDOFF_ANALYTICS, HANDOFF_EVENT } from './handoff-analytics.sql.js';
import type { Page, Wire, WireJson } from '../../../core/wire/wire-json.js';
import type { HandoffAnalyticsReport, HandoffEvent } from './handoff-analytics.dto.js';

export const HANDOFF_FILTERS: Filters = {
  ...inRange('created_at'),
  reason: { rules: [IsIn(HANDOFF_REASONS)], condition: (parameter) => `${parameter} = ANY (reasons)`, isSlow: true },
};

@Injectable()
export class HandoffAnalytics {
  readonly #report: PreparedRead;
  readonly #pages: PreparedPages<HandoffEvent>;

  constructor(database: Database) {
    this.#report = database.slowReads.prepare('handoffs.report', HANDOFF_ANALYTICS);
    this.#pages = new PreparedPages(database, { table: 'handoffs', item: HANDOFF_EVENT, filters: HANDOFF_FILTERS });
  }

  /** @throws AppError invalid_request (400) */
  async report({ orgId }: Principal, range: DateRangeQuery): Promise<WireJson<HandoffAnalyticsReport>> {
    assertValidRange(range);
    return (await this.#report.json<HandoffAnalyticsReport>([
      orgId,
      range.start_date ?? null,
      range.end_date ?? null,
    ]))!;
  }

  events({ orgId }: Principal, page: PageRequest): Promise<WireJson<Page<Wire<HandoffEvent>>>> {
    return this.#pages.read(orgId, page);
  }
}
