import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { ROLE_NAMES, type RoleName } from '../../access/scopes/roles.js';
import { CONFIG, type Config } from '../../core/config/config.js';
import { Database } from '../../core/database/database.js';
import { uuidV7 } from '../../core/database/uuid-v7.js';
import { rowId } from '../../core/wire/row-id.js';
import { coreErrors } from '../../core/errors/core-errors.js';
import { invalidField } from '../../core/errors/invalid-request.js';
import { lockOrgOrThrow } from '../orgs/orgs.service.js';
import { Member } from './member.entity.js';
import { Role } from '../orgs/role.entity.js';
import { User } from './user.entity.js';

/** The memberships of orgs. */
@Injectable()
export class Members {
  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Pick<Config, 'totals'>,
  ) {}

  /** Owner, Admin, Member. */
  async roles(orgId: string, manager = this.database.manager): Promise<Pick<Role, 'id' | 'name'>[]> {
    const roles = await manager.findBy(Role, { org_id: orgId });
    return roles.sort(byRank).map(({ id, name }) => ({ id, name }));
  }

  /**
   * The role of a person in an org, or the role that they would get by joining now with those roles.
   * @param email canonical
   */
  async standingOf(
    manager: EntityManager,
    orgId: string,
    email: string,
    roleIds: readonly string[],
  ): Promise<{ userId: string | null; role: RoleName; isMember: boolean }> {
    const user = await manager.findOneBy(User, { email });
    const member = user && (await manager.findOneBy(Member, { org_id: orgId, account_id: user.id }));
    const role = member
      ? await manager.findOneByOrFail(Role, { org_id: orgId, id: member.role_id })
      : await this.#roleOfNewcomer(manager, orgId, roleIds);
    return { userId: member?.user_id ?? null, role: role.name, isMember: member !== null };
  }

  /** @throws AppError invalid_request (400) naming each id that isn't a role of this org */
  async assertRoles(orgId: string, roleIds: readonly string[], manager: EntityManager): Promise<void> {
    const known = new Set((await this.roles(orgId, manager)).map((role) => role.id));
    const unknown = roleIds.filter((id) => !known.has(id));
    if (unknown.length > 0) throw invalidField('role_ids', `role_ids: unknown role ${unknown.join(', ')}`);
  }

  /**
   * Finds or creates the membership of an e-mail address. Without roles the first member becomes Owner and later ones
   * Member. Of several roles the highest counts. An existing member keeps their role.
   * @returns also the role of a new member
   * @throws AppError limit_reached (409)
   */
  async ensure(
    manager: EntityManager,
    orgId: string,
    person: { readonly email: string; readonly name: string; readonly roleIds: readonly string[] },
  ): Promise<{ member: Member; given?: RoleName }> {
    await lockOrgOrThrow(manager, orgId);
    const user = await ensureUser(manager, person.email);
    const existing = await manager.findOneBy(Member, { org_id: orgId, account_id: user.id });
    if (existing) return { member: existing };
    await this.assertRoom(manager, orgId);
    const role = await this.#roleOfNewcomer(manager, orgId, person.roleIds);
    const member = await insertMember(manager, {
      org_id: orgId,
      account_id: user.id,
      role_id: role.id,
      name: person.name,
    });
    return { member, given: role.name };
  }

  /** @param manager whose transaction has locked the org @throws AppError limit_reached (409) */
  async assertRoom(manager: EntityManager, orgId: string): Promise<void> {
    const max = this.config.totals.membersPerOrg;
    const count = await manager.countBy(Member, { org_id: orgId });
    if (count >= max) throw coreErrors.limit_reached({ max: max, what: 'members of an organization' });
  }

  async #roleOfNewcomer(manager: EntityManager, orgId: string, roleIds: readonly string[]): Promise<Role> {
    if (roleIds.length > 0) {
      const asked = In(roleIds.map(rowId));
      const [highest] = (await manager.findBy(Role, { org_id: orgId, id: asked })).sort(byRank);
      if (highest) return highest;
    }
    const isFirst = !(await manager.existsBy(Member, { org_id: orgId }));
    return manager.findOneByOrFail(Role, { org_id: orgId, name: isFirst ? 'Owner' : 'Member' });
  }
}

export async function insertMember(
  manager: EntityManager,
  values: Pick<Member, 'org_id' | 'account_id' | 'role_id' | 'name'>,
): Promise<Member> {
  const member = manager.create(Member, { id: uuidV7(), user_id: randomUUID(), ...values });
  await manager.insert(Member, member);
  return member;
}

/** Takes the org's lock first: in the other order, two calls that add the same person could deadlock. */
export async function ensureUser(manager: EntityManager, email: string): Promise<User> {
  await manager.createQueryBuilder().insert().into(User).values({ id: uuidV7(), email }).orIgnore().execute();
  return manager.findOneByOrFail(User, { email });
}

function byRank(one: Role, other: Role): number {
  return ROLE_NAMES.indexOf(one.name) - ROLE_NAMES.indexOf(other.name);
}
