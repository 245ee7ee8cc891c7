import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DomainEvents } from '../../../kit/domain-events/domain-event.js';
import { DomainEventBus } from '../../../kit/domain-events/domain-event-bus.js';
import { TAGS_OF_SESSION } from '../chat-sessions/chat-session-fields.js';
import { type Clock, completedClock, resumedClock, startedClock } from './clock.js';
import type { Hours } from './business-time.js';
import { type MatchedSession, matchesConditions } from './matches-conditions.js';
import { SLA_METRICS, SlaClock, type SlaMetric } from './sla-clock.entity.js';
import type { SlaPolicy } from './sla-policy.entity.js';

interface PolicyWithHours extends Pick<SlaPolicy, 'id' | 'targets' | 'conditions'> {
  readonly schedule: Hours;
}
type SessionKey = { readonly orgId: string; readonly sessionId: string };

export const BREACHED = {
  first_reply: 'sla.first_reply_breached',
  resolution: 'sla.resolution_breached',
} as const satisfies Record<SlaMetric, keyof DomainEvents>;

// Locks the policies, so that none is deleted before its clocks are inserted.
const POLICIES = `
  SELECT sla_policies.id, targets, conditions, CASE WHEN office_hours.id IS NOT NULL
    THEN jsonb_build_object('iana_timezone', iana_timezone, 'shifts', shifts) END AS schedule
  FROM sla_policies
  LEFT JOIN office_hours ON office_hours.org_id = sla_policies.org_id AND office_hours.id = office_hours_id
  WHERE sla_policies.org_id = $1 AND is_active
  ORDER BY position, sla_policies.id FOR KEY SHARE OF sla_policies`;

const MATCHED_SESSION = `
  SELECT channel_type AS channel, team_id, (${TAGS_OF_SESSION}) AS tags, coalesce((
    SELECT contacts.custom_data FROM contacts
    WHERE contacts.org_id = chat_sessions.org_id AND contacts.id = chat_sessions.contact_id), '{}') AS contact_custom_data
  FROM chat_sessions WHERE org_id = $1 AND id = $2`;

/** Starts, completes and resumes clocks, in the transaction that changes the session. */
@Injectable()
export class SlaClocks implements OnModuleInit {
  constructor(private readonly events: DomainEventBus) {}

  onModuleInit(): void {
    const { events } = this;
    events.listen('conversation.started', (manager, session) => this.#start(manager, session));
    events.listen('conversation.replied', (manager, session) =>
      this.#turn(manager, session, 'first_reply', completedClock),
    );
    events.listen('conversation.closed', (manager, session) =>
      this.#turn(manager, session, 'resolution', completedClock),
    );
    events.listen('conversation.reopened', (manager, session) =>
      this.#turn(manager, session, 'resolution', resumedClock),
    );
  }

  async #start(manager: EntityManager, { orgId, sessionId }: SessionKey): Promise<void> {
    const policies = (await manager.query(POLICIES, [orgId])) as PolicyWithHours[];
    if (policies.length === 0) return;
    const [session] = (await manager.query(MATCHED_SESSION, [orgId, sessionId])) as [MatchedSession];
    const policy = policies.find(({ conditions }) => matchesConditions(conditions, session));
    if (policy === undefined) return;
    const now = new Date();
    const clocks = SLA_METRICS.flatMap((metric) => {
      const target = policy.targets[`${metric}_seconds`] ?? null;
      if (target === null) return [];
      const key = { org_id: orgId, session_id: sessionId, metric, policy_id: policy.id };
      return [{ ...key, ...startedClock(target, policy.schedule, now) }];
    });
    await manager.insert(SlaClock, clocks);
  }

  /** Finds a breach that the job has not recorded yet, and reports it. */
  async #turn(
    manager: EntityManager,
    { orgId, sessionId }: SessionKey,
    metric: SlaMetric,
    turned: (clock: Clock, now: Date) => Clock,
  ): Promise<void> {
    const where = { org_id: orgId, session_id: sessionId, metric };
    const clock = await manager.findOne(SlaClock, { where, lock: { mode: 'pessimistic_write' } });
    // A clock of a deleted policy only counts in the analytics.
    if (!clock || clock.policy_id === null) return;
    const { schedule: _, ...after } = turned(clock, new Date());
    await manager.update(SlaClock, where, after);
    if (clock.breached_at !== null || after.breached_at === null) return;
    await this.events.emit(manager, { name: BREACHED[metric], orgId, sessionId });
  }
}
