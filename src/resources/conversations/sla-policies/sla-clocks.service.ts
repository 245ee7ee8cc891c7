import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DomainEvents } from '../../../kit/domain-events/domain-event.js';
import { DomainEventBus } from '../../../kit/domain-events/domain-event-bus.js';
import { TAGS_OF_SESSION } from '../chat-sessions/chat-session-fields.js';
import { type Clock, completedClock, resumedClock, retargetedClock, startedClock } from './clock.js';
import type { Hours } from './business-time.js';
import { type MatchedSession, matchesConditions } from './matches-conditions.js';
import { SLA_METRICS, SlaClock, type SlaMetric } from './sla-clock.entity.js';
import type { SlaPolicy } from './sla-policy.entity.js';

interface PolicyWithHours extends Pick<SlaPolicy, 'id' | 'targets' | 'conditions' | 'created_at'> {
  readonly schedule: Hours;
}
type SessionKey = { readonly orgId: string; readonly sessionId: string };

interface Session extends MatchedSession {
  /** Since when each clock has to count; null: it has not. */
  readonly since: Readonly<Record<SlaMetric, Date | null>>;
}

export const BREACHED = {
  first_reply: 'sla.first_reply_breached',
  resolution: 'sla.resolution_breached',
} as const satisfies Record<SlaMetric, keyof DomainEvents>;

// Locks the policies, so that none is deleted before its clocks are inserted.
const POLICIES = `
  SELECT sla_policies.id, targets, conditions, sla_policies.created_at, CASE WHEN office_hours.id IS NOT NULL
    THEN jsonb_build_object('iana_timezone', iana_timezone, 'shifts', shifts) END AS schedule
  FROM sla_policies
  LEFT JOIN office_hours ON office_hours.org_id = sla_policies.org_id AND office_hours.id = office_hours_id
  WHERE sla_policies.org_id = $1 AND is_active
  ORDER BY position, sla_policies.id FOR KEY SHARE OF sla_policies`;

// Locks the contact: a change of its data waits, and then finds the clocks of this session.
const SESSION = `
  WITH contact AS (
    SELECT custom_data FROM contacts
    WHERE org_id = $1 AND id = (SELECT contact_id FROM chat_sessions WHERE org_id = $1 AND id = $2) FOR SHARE
  )
  SELECT channel_type AS channel, team_id, (${TAGS_OF_SESSION}) AS tags,
    coalesce((SELECT custom_data FROM contact), '{}') AS contact_custom_data,
    CASE WHEN status = 'open' THEN created_at END AS resolution,
    CASE WHEN NOT EXISTS (
      SELECT FROM chat_events WHERE org_id = $1 AND session_id = $2 AND type = 'message' AND sender->>'type' = 'agent'
    ) THEN reply_due_since END AS first_reply
  FROM chat_sessions WHERE org_id = $1 AND id = $2`;

const OPEN_SESSIONS = `
  SELECT id FROM chat_sessions WHERE org_id = $1 AND contact_id = ANY ($2::uuid[]) AND status = 'open' ORDER BY id`;

/** Starts, changes, completes and resumes clocks, in the transaction that changes the session. */
@Injectable()
export class SlaClocks implements OnModuleInit {
  constructor(private readonly events: DomainEventBus) {}

  onModuleInit(): void {
    const { events } = this;
    for (const name of ['conversation.started', 'conversation.reply_due', 'conversation.changed'] as const) {
      events.listen(name, (manager, session) => this.#match(manager, session));
    }
    events.listen('contacts.changed', async (manager, { orgId, contactIds }) => {
      const sessions = (await manager.query(OPEN_SESSIONS, [orgId, contactIds])) as { id: string }[];
      for (const { id } of sessions) await this.#match(manager, { orgId, sessionId: id });
    });
    events.listen('conversation.replied', (manager, session) =>
      this.#turn(manager, session, 'first_reply', completedClock),
    );
    events.listen('conversation.closed', async (manager, session) => {
      for (const metric of SLA_METRICS) await this.#turn(manager, session, metric, completedClock);
    });
    events.listen('conversation.reopened', (manager, session) =>
      this.#turn(manager, session, 'resolution', resumedClock),
    );
  }

  /** Applies the first active policy that matches the session. Completed and breached clocks stay as they are. */
  async #match(manager: EntityManager, { orgId, sessionId }: SessionKey): Promise<void> {
    const key = { org_id: orgId, session_id: sessionId };
    const policies = (await manager.query(POLICIES, [orgId])) as PolicyWithHours[];
    if (policies.length === 0 && !(await manager.existsBy(SlaClock, key))) return;
    const [row] = (await manager.query(SESSION, [orgId, sessionId])) as [MatchedSession & Session['since']];
    const session = { ...row, since: { first_reply: row.first_reply, resolution: row.resolution } };
    const policy = policies.find(({ conditions }) => matchesConditions(conditions, session));
    const clocks = await manager.find(SlaClock, { where: key, lock: { mode: 'pessimistic_write' } });
    for (const metric of SLA_METRICS) {
      const clock = clocks.find((each) => each.metric === metric);
      if (clock === undefined) await this.#start(manager, { ...key, metric }, policy, session.since[metric]);
      else if (isRunning(clock)) await this.#follow(manager, clock, policy);
    }
  }

  /** Time before the policy existed doesn't count. */
  async #start(
    manager: EntityManager,
    key: Pick<SlaClock, 'org_id' | 'session_id' | 'metric'>,
    policy: PolicyWithHours | undefined,
    since: Date | null,
  ): Promise<void> {
    const target = policy?.targets[`${key.metric}_seconds`] ?? null;
    if (policy === undefined || target === null || since === null) return;
    const from = since > policy.created_at ? since : policy.created_at;
    await manager.insert(SlaClock, { ...key, policy_id: policy.id, ...startedClock(target, policy.schedule, from) });
  }

  /** A clock of the same policy keeps its target. */
  async #follow(manager: EntityManager, clock: SlaClock, policy: PolicyWithHours | undefined): Promise<void> {
    if (clock.policy_id === policy?.id) return;
    const { org_id, session_id, metric } = clock;
    const target = policy?.targets[`${metric}_seconds`] ?? null;
    if (policy === undefined || target === null) {
      await manager.delete(SlaClock, { org_id, session_id, metric });
      return;
    }
    const { schedule, ...after } = retargetedClock(clock, target, policy.schedule);
    const changed = { ...after, schedule: schedule as object | null, policy_id: policy.id };
    await manager.update(SlaClock, { org_id, session_id, metric }, changed);
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
    // A completed clock of a deleted policy only counts in the analytics.
    if (!clock || (clock.policy_id === null && clock.completed_at !== null)) return;
    const { schedule: _, ...after } = turned(clock, new Date());
    await manager.update(SlaClock, where, after);
    if (clock.breached_at !== null || after.breached_at === null) return;
    await this.events.emit(manager, { name: BREACHED[metric], orgId, sessionId });
  }
}

/** Neither completed nor overdue. */
function isRunning({ counting_since, state, due_at }: SlaClock): boolean {
  return counting_since !== null && state === 'active' && (due_at === null || due_at > new Date());
}
