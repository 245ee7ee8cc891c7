import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { digestOf, mintToken64Hex } from '../../access/credentials/credential-format.js';
import { ReadFence } from '../../access/freshness/read-fence.js';
import type { RoleName } from '../../access/scopes/roles.js';
import { ScopeCatalogue } from '../../access/scopes/scope-catalogue.service.js';
import { SessionStore, type StoredSession } from '../../access/ports/session-store.js';
import type { Caller } from '../../kit/audit/actor.js';
import { Changes } from '../../kit/audit/changes.js';
import { Database } from '../../core/database/database.js';
import { uuidV7 } from '../../core/database/uuid-v7.js';
import { endMsOf, hasEnded } from '../../core/validation/instant.js';
import { MemberChanges } from '../members/member-changes.service.js';
import { Member } from '../members/member.entity.js';
import { User } from '../members/user.entity.js';
import { DeclaredServices } from '../services/declared-services.js';
import { SESSION_DAYS_MAX, SESSION_IDLE_HOURS_MAX } from './session-cookie.js';
import type { SessionView } from './session-view.dto.js';
import { Session } from './session.entity.js';

interface Row {
  readonly session_id: string;
  readonly user_id: string;
  readonly email: string;
  readonly name: string;
  readonly role_id: string;
  readonly role_name: RoleName;
  readonly org_id: string;
  readonly org_name: string;
  readonly partner_id: string | null;
  readonly partner_active: boolean | null;
  readonly org_suspended: boolean;
  readonly expires_at: Date;
  readonly is_stale: boolean;
  readonly link_digest: string | null;
}

const LIVE = `
  FROM sessions s
  JOIN members m ON m.id = s.member_id AND m.role_id = s.role_id
  JOIN users u ON u.id = m.account_id
  JOIN roles r ON r.id = m.role_id
  JOIN orgs o ON o.id = m.org_id AND o.archived_at IS NULL
  LEFT JOIN partners p ON p.id = o.partner_id
  WHERE s.expires_at > now() AND s.last_seen_at > now() - make_interval(hours => $2)`;

/** Read on every request, so that a change of member, role or org ends the session at once. */
const FIND_LIVE = `
  SELECT s.id AS session_id, m.user_id, u.email, m.name, r.id AS role_id, r.name AS role_name, o.id AS org_id,
         o.name AS org_name, p.id AS partner_id, p.is_active AS partner_active, s.expires_at,
         o.suspended_at IS NOT NULL AS org_suspended,
         s.link_digest,
         s.last_seen_at < now() - interval '1 minute' AS is_stale
  ${LIVE} AND s.digest = $1`;

const IS_LIVE = `SELECT EXISTS (SELECT ${LIVE} AND s.id = $1 AND p.is_active IS DISTINCT FROM false AND o.suspended_at IS NULL)
  AS is_live`;

/** Browser sessions: opened by login links, found by their cookie. */
@Injectable()
export class Sessions extends SessionStore implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly members: MemberChanges,
    private readonly changes: Changes,
    private readonly catalogue: ScopeCatalogue,
    private readonly services: DeclaredServices,
    private readonly fence: ReadFence,
  ) {
    super();
  }

  /** A session keeps its first role; a member who regains that role must not regain the session. */
  onModuleInit(): void {
    this.members.beforeRoleChange(async (manager, memberId) => {
      await manager.delete(Session, { member_id: memberId });
    });
  }

  /** Opens a session with a new id, which prevents session fixation. Returns the cookie's value. */
  async open(manager: EntityManager, member: Member, linkDigest: string): Promise<string> {
    const token = mintToken64Hex();
    const now = new Date();
    await manager.insert(Session, {
      id: uuidV7(),
      digest: digestOf(token),
      member_id: member.id,
      role_id: member.role_id,
      link_digest: linkDigest,
      last_seen_at: now,
      expires_at: new Date(now.getTime() + SESSION_DAYS_MAX * 86_400_000),
    });
    return token;
  }

  override async find(token: string): Promise<StoredSession | undefined> {
    const row = await this.#read(token);
    if (!row) return undefined;
    if (row.is_stale) {
      await this.database.pool.query('UPDATE sessions SET last_seen_at = now() WHERE id = $1', [row.session_id]);
    }
    return {
      sessionId: row.session_id,
      userId: row.user_id,
      name: row.name,
      roleName: row.role_name,
      orgId: row.org_id,
      partnerId: row.partner_id,
      partnerActive: row.partner_active ?? true,
      orgSuspended: row.org_suspended,
      expiresAtMs: endMsOf(row.expires_at),
    };
  }

  /** The signed-in member; undefined when the session has ended, or its org or partner is stopped. */
  async view(token: string): Promise<SessionView | undefined> {
    const row = await this.#read(token);
    if (row === undefined || isStopped(row)) return undefined;
    return {
      user: { id: row.user_id, email: row.email, name: row.name },
      org: { id: row.org_id, name: row.org_name },
      role: { id: row.role_id, name: row.role_name },
      expires_at: row.expires_at,
      has_agents: this.catalogue.hasAgents(),
      has_services: await this.services.hasAny(),
    };
  }

  /** Whether a session that this login link opened is still live. */
  async isOpenedBy(token: string, linkToken: string): Promise<boolean> {
    const row = await this.#read(token);
    return row !== undefined && !isStopped(row) && row.link_digest === digestOf(linkToken);
  }

  /** Whether requests of the session would still be allowed. Doesn't count as its use. */
  async isLive(id: string): Promise<boolean> {
    this.fence.assertCanRead();
    const values = [id, SESSION_IDLE_HOURS_MAX];
    const { rows } = await this.database.pool.query({ name: 'is-session-live', text: IS_LIVE, values });
    return (rows[0] as { is_live: boolean }).is_live;
  }

  /** Undefined: no session has this cookie. */
  async end(manager: EntityManager, token: string): Promise<void> {
    await manager.delete(Session, { digest: digestOf(token) });
  }

  /** Ends the caller's own session. */
  async close({ principal, actor }: Caller): Promise<void> {
    await this.changes.change(actor, async (manager, record) => {
      const { affected } = await manager.delete(Session, { id: principal.id });
      // Of concurrent sign-outs only one finds the row.
      if (affected === 0) return;
      const { orgId, userId } = principal;
      const { account_id } = await manager.findOneByOrFail(Member, { org_id: orgId, user_id: userId });
      const { email } = await manager.findOneByOrFail(User, { id: account_id });
      record({ action: 'session.ended', orgId, target: { type: 'user', id: userId, name: email } });
    });
  }

  async #read(token: string): Promise<Row | undefined> {
    this.fence.assertCanRead();
    const values = [digestOf(token), SESSION_IDLE_HOURS_MAX];
    const { rows } = await this.database.pool.query<Row>({ name: 'live-session', text: FIND_LIVE, values });
    return rows.find(({ expires_at }) => !hasEnded(endMsOf(expires_at)));
  }
}

/** The session works again once its org is resumed, or its partner active. */
function isStopped({ partner_active, org_suspended }: Row): boolean {
  return partner_active === false || org_suspended;
}
