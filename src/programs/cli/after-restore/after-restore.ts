import { AppError } from '../../../core/errors/app-error.js';
import type { Config } from '../../../core/config/config.js';
import { Database } from '../../../core/database/database.js';
import type { Log } from '../../../core/logging/log.js';
import { Services } from '../../../gateway/services/services.service.js';
import type { AuditEntry } from '../../../kit/audit/audit-entry.entity.js';
import { AuditKeys } from '../../../kit/audit/audit-keys.js';
import { MemberChanges } from '../../../tenancy/members/member-changes.service.js';
import { Member } from '../../../tenancy/members/member.entity.js';
import { Members } from '../../../tenancy/members/members.service.js';
import { User } from '../../../tenancy/members/user.entity.js';
import { Orgs } from '../../../tenancy/orgs/orgs.service.js';
import { Role } from '../../../tenancy/orgs/role.entity.js';
import { Partners } from '../../../tenancy/partners/partners.service.js';
import { Session } from '../../../tenancy/sessions/session.entity.js';
import type { Answer } from '../command.js';
import { KEY_PARTS } from '../key-parts.js';
import { openServices } from '../services.js';
import { BY_HAND } from './access-actions.js';
import { lostEntries } from './lost-entries.js';
import { type Finding, RemedyPlan } from './remedies.js';
import { Repairs } from './repairs.js';

const PARTS = {
  services: [...KEY_PARTS.services, Orgs, Partners, Members, MemberChanges, Services],
  entities: [...KEY_PARTS.entities, Role, User, Member, Session],
};

interface Wish {
  readonly files: readonly string[];
  /** If false, it changes nothing. */
  readonly revokes: boolean;
}

/** Finds the access that exported entries took away and a restore brought back, and takes it away again. */
export async function afterRestore(config: Config, log: Log, { files, revokes }: Wish): Promise<Answer> {
  const context = await openServices(config, log, PARTS);
  try {
    const { manager } = context.get(Database);
    const ring = await context.get(AuditKeys).read(manager);
    const lost = await lostEntries(manager, ring, files);
    const findings = await new RemedyPlan(manager).plan(lost);
    const failures = new Map<Finding, string>();
    if (revokes) {
      const repairs = new Repairs(context);
      for (const finding of findings) {
        try {
          await repairs.apply(finding);
        } catch (error) {
          // The next ones matter as much. Any other error means that none can be done.
          if (!(error instanceof AppError)) throw error;
          failures.set(finding, error.message);
        }
      }
    }
    return answerOf(lost, findings, failures, revokes);
  } finally {
    await context.close();
  }
}

function answerOf(
  lost: readonly AuditEntry[],
  findings: readonly Finding[],
  failures: ReadonlyMap<Finding, string>,
  revokes: boolean,
): Answer {
  const byHand = lost.filter(({ action }) => Object.hasOwn(BY_HAND, action));
  const done = (finding: Finding) => failures.get(finding) ?? (revokes ? 'done' : 'not done');
  const lines = [
    ...findings.map(
      (finding) =>
        `${finding.remedy.kind} ${finding.remedy.id} (${finding.name}): ${done(finding)}; ${causeOf(finding)}`,
    ),
    ...byHand.map(
      (entry) => `by hand: ${BY_HAND[entry.action]!}: ${entry.target_type} ${entry.target_id} (${entry.target_name})`,
    ),
    `${lost.length} exported entries are missing in the database. They call for ${findings.length} changes, ` +
      `and ${byHand.length} by hand.`,
  ];
  if (!revokes && findings.length > 0) lines.push('Nothing is changed. Repeat it with --revoke to make the changes.');
  const json = {
    lost: lost.length,
    changes: findings.map((finding) => ({
      kind: finding.remedy.kind,
      id: finding.remedy.id,
      name: finding.name,
      because: finding.because.map(({ action, created_at }) => ({ action, created_at })),
      outcome: failures.has(finding) ? 'failed' : revokes ? 'done' : 'planned',
      ...(failures.has(finding) && { error: failures.get(finding) }),
    })),
    by_hand: byHand.map(({ action, org_id, target_type, target_id, target_name }) => {
      return { action, org_id, target_type, target_id, target_name, advice: BY_HAND[action] };
    }),
  };
  const text = lines.join('\n');
  const left = revokes ? failures.size : findings.length;
  return left === 0 ? { json, text } : { json, text, problem: `access to take away again: ${left}` };
}

function causeOf({ because }: Finding): string {
  const { action, created_at, actor_name } = because.at(-1)!;
  return `${action} at ${new Date(created_at).toISOString()} by ${actor_name}`;
}
