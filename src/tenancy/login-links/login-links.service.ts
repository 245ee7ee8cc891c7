import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type EntityManager, MoreThan } from 'typeorm';
import { digestOf, mintToken64Hex } from '../../access/credentials/credential-format.js';
import { waitUntilInForce } from '../../access/freshness/in-force.js';
import { ReadFence } from '../../access/freshness/read-fence.js';
import type { Actor } from '../../kit/audit/actor.js';
import { AuditChains } from '../../kit/audit/audit-chains.js';
import { Changes } from '../../kit/audit/changes.js';
import { CONFIG, type Config } from '../../core/config/config.js';
import { Database } from '../../core/database/database.js';
import { inTransaction, takeTurn } from '../../core/database/transaction.js';
import { MemberChanges } from '../members/member-changes.service.js';
import { Members } from '../members/members.service.js';
import { Org } from '../orgs/org.entity.js';
import { Partner } from '../partners/partner.entity.js';
import { Sessions } from '../sessions/sessions.service.js';
import type { CreateLoginLinkDto, LoginLinkView } from './login-link.dto.js';
import { LoginLink } from './login-link.entity.js';

const LIFE_MS = 15 * 60_000;

/** The origin of a sign-in, for the audit. */
export interface Visit {
  readonly ip: string | null;
  readonly requestId: string;
  /** The browser's cookie. Signing in ends that session. */
  readonly presentedSession?: string | undefined;
}

/** Links that sign one person in to one org, once, within 15 minutes (S1). */
@Injectable()
export class LoginLinks implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly members: Members,
    private readonly memberChanges: MemberChanges,
    private readonly sessions: Sessions,
    private readonly audit: AuditChains,
    private readonly changes: Changes,
    private readonly fence: ReadFence,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** A link from before a member's removal must not sign them in again. */
  onModuleInit(): void {
    this.memberChanges.beforeRemoval(async (manager, { orgId, email }) => {
      await manager.delete(LoginLink, { org_id: orgId, email });
    });
  }

  /**
   * Creates a link. The audit entry names the person and their role.
   * @param partnerKeyId the calling key of the partner
   * @throws AppError invalid_request (400) for an unknown role, unless the person is a member already
   */
  async create(actor: Actor, orgId: string, dto: CreateLoginLinkDto, partnerKeyId?: string): Promise<LoginLinkView> {
    const roleIds = dto.role_ids ?? [];
    const { email } = dto;
    const token = mintToken64Hex();
    const expires_at = new Date(Date.now() + LIFE_MS);
    await this.changes.change(actor, async (manager, record) => {
      // Waits for a removal in progress, so that the membership is current.
      await manager.findOneOrFail(Org, { where: { id: orgId }, lock: { mode: 'pessimistic_read' } });
      const { userId, role, isMember } = await this.members.standingOf(manager, orgId, email, roleIds);
      if (!isMember) await this.members.assertRoles(orgId, roleIds, manager);
      await manager.insert(LoginLink, {
        digest: digestOf(token),
        org_id: orgId,
        email,
        name: dto.name ?? email.split('@', 1)[0]!,
        role_ids: isMember ? [] : roleIds,
        path: dto.path ?? null,
        expires_at,
      });
      const changes = {
        role: { before: isMember ? role : null, after: role },
        ...(partnerKeyId !== undefined && { partner_key_id: { before: null, after: partnerKeyId } }),
      };
      record({ action: 'login_link.created', orgId, target: { type: 'user', id: userId, name: email }, changes });
    });
    return { url: `${this.config.dashboardUrl}/partner-login?token=${token}`, expires_at };
  }

  /** Returns the link of a token if it is still valid, without consuming it. */
  async findUsable(token: string): Promise<LoginLink | undefined> {
    this.fence.assertCanRead();
    const where = { digest: digestOf(token), expires_at: MoreThan(new Date()) };
    return (await this.database.dataSource.manager.findOneBy(LoginLink, where)) ?? undefined;
  }

  async orgNameOf({ org_id }: LoginLink): Promise<string> {
    return (await this.database.dataSource.manager.findOneByOrFail(Org, { id: org_id })).name;
  }

  /** Its links work again once it is resumed, while they last. */
  async isOrgSuspended({ org_id }: LoginLink): Promise<boolean> {
    const { suspended_at } = await this.database.manager.findOneByOrFail(Org, { id: org_id });
    return suspended_at !== null;
  }

  /** Whether a link always needs a click, by the setting of the org's partner or the installation. */
  async asksForClick({ org_id }: LoginLink): Promise<boolean> {
    const { manager } = this.database;
    const { partner_id } = await manager.findOneByOrFail(Org, { id: org_id });
    const partner = partner_id === null ? null : await manager.findOneBy(Partner, { id: partner_id });
    return partner?.confirm_login_links ?? this.config.loginLinkConfirm;
  }

  /**
   * Consumes the link, ends the browser's session and opens a new one. One DELETE decides, so one of concurrent visits
   * wins. A crash before the end leaves the link unused.
   * @returns undefined for a used, expired or unknown link
   */
  async consume(token: string, visit: Visit): Promise<string | undefined> {
    this.fence.assertCanRead();
    const session = await this.#open(token, visit);
    // As after any change of a credential: every process has to know that the browser's session has ended.
    if (session !== undefined && visit.presentedSession !== undefined) await waitUntilInForce(this.database.query);
    return session;
  }

  #open(token: string, visit: Visit): Promise<string | undefined> {
    return inTransaction(this.database.dataSource, async (manager) => {
      const digest = digestOf(token);
      const pending = await manager.findOneBy(LoginLink, { digest });
      // Locks the org's row before the link's, as the removal of a member does.
      if (!pending || !(await isOpen(manager, pending.org_id))) return undefined;
      const { raw } = await manager
        .createQueryBuilder()
        .delete()
        .from(LoginLink)
        .where('digest = :digest AND expires_at > now()', { digest })
        .returning('*')
        .execute();
      const [link] = raw as LoginLink[];
      if (!link) return undefined;
      if (visit.presentedSession !== undefined) await this.sessions.end(manager, visit.presentedSession);
      const person = { email: link.email, name: link.name, roleIds: link.role_ids };
      const { member, given } = await this.members.ensure(manager, link.org_id, person);
      const sessionToken = await this.sessions.open(manager, member, digest);
      const { ip, requestId } = visit;
      const actor = { type: 'user', id: member.user_id, name: member.name, ip, requestId } as const;
      const { org_id: orgId, email: name } = link;
      if (given !== undefined) {
        const target = { type: 'member', id: member.user_id, name };
        const changes = { role: { before: null, after: given } };
        this.audit.append(manager, actor, { action: 'member.created', orgId, target, changes });
      }
      const target = { type: 'user', id: member.user_id, name };
      this.audit.append(manager, actor, { action: 'session.started', orgId, target });
      return sessionToken;
    });
  }
}

/** False if the sessions of the org would be refused. Locks it, so that it isn't archived before the session exists. */
async function isOpen(manager: EntityManager, orgId: string): Promise<boolean> {
  await takeTurn(manager, 'org', orgId);
  const org = await manager.findOneOrFail(Org, { where: { id: orgId }, lock: { mode: 'pessimistic_write' } });
  const partner = org.partner_id && (await manager.findOneByOrFail(Partner, { id: org.partner_id }));
  return org.archived_at === null && org.suspended_at === null && (!partner || partner.is_active);
}
