import { Inject, Injectable } from '@nestjs/common';
import { SYSTEM } from '../../kit/audit/actor.js';
import type { AuditRecord } from '../../kit/audit/audit-chains.js';
import { Changes } from '../../kit/audit/changes.js';
import { CONFIG, type Config } from '../../core/config/config.js';
import { type DueKey, KEYS_PER_BATCH, lookNext, type NextLook, takeDueKeys } from './due-keys.js';
import { DAY_MS, expirySteps } from './expiry-steps.js';
import type { DeadlineKind } from './key-deadline.entity.js';
import { KeyNoticeCounts } from './key-notice-counts.js';
import { addNotices, type NewNotice } from './new-notices.js';
import { WARNING_DAYS } from './soon-suspended-sql.js';

export const IDLE_DAYS = 90;

/** What a look at a key brings. */
interface Found {
  readonly next: NextLook;
  readonly notices?: readonly NewNotice[];
  readonly event?: Pick<AuditRecord, 'action' | 'changes'>;
}

/** Records that keys expire, have expired, or are idle, and adds the notices about it. Each exactly once. */
@Injectable()
export class KeyDeadlines {
  constructor(
    private readonly changes: Changes,
    private readonly counts: KeyNoticeCounts,
    @Inject(CONFIG) private readonly config: Pick<Config, 'smtpUrl'>,
  ) {}

  async run(now: Date, signal?: AbortSignal): Promise<void> {
    await this.#lookAtAll('expiry', now, expiryOf, signal);
    await this.#lookAtAll('idle', now, idlenessOf, signal);
  }

  /** Earliest deadline first, so that an org with many keys doesn't hold up the others. */
  async #lookAtAll(
    kind: DeadlineKind,
    now: Date,
    look: (key: DueKey, now: Date) => Found,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    let looked = KEYS_PER_BATCH;
    while (looked === KEYS_PER_BATCH && !signal?.aborted) looked = await this.#lookAtSome(kind, now, look);
  }

  /** The next look, the notices and the audit entries are stored together, so a second run finds nothing to add. */
  async #lookAtSome(kind: DeadlineKind, now: Date, look: (key: DueKey, now: Date) => Found): Promise<number> {
    const events: string[] = [];
    const looked = await this.changes.change(SYSTEM, async (manager, record) => {
      const keys = await takeDueKeys(manager, kind, now);
      const found = keys.map((key) => look(key, now));
      await lookNext(
        manager,
        kind,
        found.map(({ next }) => next),
      );
      await addNotices(
        manager,
        kind,
        found.flatMap((each) => this.#mailed(each.notices)),
        now,
      );
      for (const [index, { event }] of found.entries()) {
        if (event === undefined) continue;
        const { id, org_id: orgId, name } = keys[index]!;
        record({ ...event, orgId, target: { type: 'api_key', id, name } });
        events.push(event.action);
      }
      return keys.length;
    });
    for (const action of events) this.counts.add(action, 'recorded');
    return looked;
  }

  /** Without a mail server there is no mail to wait for. */
  #mailed(notices: readonly NewNotice[] = []): NewNotice[] {
    const isSkipped = this.config.smtpUrl === undefined;
    return notices.map((notice) => ({ ...notice, isSkipped: isSkipped || notice.isSkipped }));
  }
}

function expiryOf(key: DueKey, now: Date): Found {
  const { id: keyId, expires_at: expiresAt, done_until } = key;
  if (key.is_gone || expiresAt === null) return { next: { keyId, doneUntil: now, dueAt: undefined } };
  const { reached, missed, nextAt } = expirySteps(expiresAt, done_until, now);
  const next = { keyId, doneUntil: now > done_until ? now : done_until, dueAt: nextAt };
  const expires_at = { before: null, after: expiresAt.toISOString() };
  const late = missed.map((days) => ({ key, about: expiresAt, days, isSkipped: true }));
  if (reached === undefined) return { next };
  if (reached === 0) return { next, notices: late, event: { action: 'api_key.expired', changes: { expires_at } } };
  const changes = { expires_at, days_left: { before: null, after: reached } };
  const notice = { key, about: expiresAt, days: reached, isSkipped: false };
  return { next, notices: [...late, notice], event: { action: 'api_key.expiring', changes } };
}

/** Announces each idle period once. Where a policy suspends the key at about that time, its warning says so instead. */
function idlenessOf(key: DueKey, now: Date): Found {
  const { id: keyId, done_until: announced, last_used_at, suspended_after_days: suspendedAfter } = key;
  const lookIn = (days: number) => ({
    next: { keyId, doneUntil: announced, dueAt: new Date(now.getTime() + days * DAY_MS) },
  });
  if (key.is_gone) return { next: { keyId, doneUntil: announced, dueAt: undefined } };
  if (key.is_suspended || (key.expires_at !== null && key.expires_at <= now)) return lookIn(IDLE_DAYS);
  const since = key.idle_since!;
  const idleAt = new Date(since.getTime() + IDLE_DAYS * DAY_MS);
  if (idleAt > now) return { next: { keyId, doneUntil: announced, dueAt: idleAt } };
  // Uses are kept for some time only. A period that seems to start earlier than the announced one is the same one.
  if (since <= announced) return lookIn(IDLE_DAYS);
  if (suspendedAfter !== null && suspendedAfter - WARNING_DAYS <= IDLE_DAYS) return lookIn(1);
  return {
    next: { ...lookIn(IDLE_DAYS).next, doneUntil: since },
    notices: [{ key, about: since, days: IDLE_DAYS, isSkipped: false }],
    event: {
      action: 'api_key.idle',
      changes: {
        last_used_at: { before: null, after: last_used_at?.toISOString() ?? null },
        idle_days: { before: null, after: IDLE_DAYS },
      },
    },
  };
}
