import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import type { DomainEvent } from '../../../kit/domain-events/domain-event.js';
import { DomainEventBus } from '../../../kit/domain-events/domain-event-bus.js';
import { kit } from './insights.definition.js';
import type { Wire } from '../../../core/wire/wire-json.js';
import type { Insight } from './insight.entity.js';

/** Reasons are in alphabetical order, so that concurrent handoffs cannot deadlock. */
const RECORD_SUMMARY = `
  INSERT INTO insights (org_id, id, reason, content, content_session_id, sentiment, occurrence_count,
    first_seen_at, last_seen_at)
  SELECT org_id, $3, $4, summary, CASE WHEN summary IS NOT NULL THEN session_id END, sentiment, 1,
    created_at, created_at
  FROM handoffs WHERE org_id = $1 AND id = $2
  ON CONFLICT (org_id, reason) DO UPDATE SET
    occurrence_count = insights.occurrence_count + 1,
    content = coalesce(excluded.content, insights.content),
    content_session_id = coalesce(excluded.content_session_id, insights.content_session_id),
    sentiment = coalesce(excluded.sentiment, insights.sentiment),
    last_seen_at = excluded.last_seen_at,
    updated_at = now()`;

@Injectable()
export class Insights extends kit.Service implements OnModuleInit {
  constructor(
    database: Database,
    private readonly events: DomainEventBus,
  ) {
    super(database);
  }

  onModuleInit(): void {
    this.events.listen('conversation.handoff_to_human', (manager, event) => this.#recordSummary(manager, event));
  }

  /** @throws AppError not_found (404) */
  async resolve(principal: Principal, id: string): Promise<Wire<Insight>> {
    const resolved_by = { name: principal.name, avatar_url: null };
    return this.update(principal, id, { resolved_by, resolved_at: new Date(), archived_by: null, archived_at: null });
  }

  /** Also unarchives it. @throws AppError not_found (404) */
  async unresolve(principal: Principal, id: string): Promise<Wire<Insight>> {
    return this.update(principal, id, { resolved_by: null, resolved_at: null, archived_by: null, archived_at: null });
  }

  /** @throws AppError not_found (404) */
  async archive(principal: Principal, id: string, reason: string | null): Promise<Wire<Insight>> {
    const archived_by = { name: principal.name, avatar_url: null, reason };
    return this.update(principal, id, { archived_by, archived_at: new Date() });
  }

  /** @throws AppError not_found (404) for the insight or the team */
  async assign(principal: Principal, id: string, teamId: string | null): Promise<Wire<Insight>> {
    return this.update(principal, id, { team_id: teamId });
  }

  async #recordSummary(
    manager: EntityManager,
    { orgId, handoffId, reasons }: DomainEvent<'conversation.handoff_to_human'>,
  ): Promise<void> {
    for (const reason of reasons) await manager.query(RECORD_SUMMARY, [orgId, handoffId, uuidV7(), reason]);
  }
}
