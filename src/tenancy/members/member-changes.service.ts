import { Injectable } from '@nestjs/common';
import { type EntityManager, Not } from 'typeorm';
import type { RoleName } from '../../access/scopes/roles.js';
import type { Actor } from '../../kit/audit/actor.js';
import { Changes } from '../../kit/audit/changes.js';
import { notFound } from '../../core/errors/core-errors.js';
import { constraintRefusal } from '../../core/errors/constraint-refusal.js';
import { lockOrgOrThrow } from '../orgs/orgs.service.js';
import { Role } from '../orgs/role.entity.js';
import { validateRoleChange } from './validate-role-change.js';
import type { AddMemberDto } from './member.dto.js';
import { Member } from './member.entity.js';
import { ensureUser, insertMember, Members } from './members.service.js';
import { User } from './user.entity.js';

/** Runs in the transaction that changes a member's role, to end what depends on it. */
export type RoleEnd = (manager: EntityManager, memberId: string) => Promise<void>;

/** Runs in the transaction that removes a member, to end what signs them in. */
export type RemovalStep = (
  manager: EntityManager,
  member: { readonly orgId: string; readonly email: string },
) => Promise<void>;

/** Who changes the members of an org. */
export interface MemberEditor {
  readonly actor: Actor;
  readonly orgId: string;
  /** Of the acting member; undefined: the org's partner, which may do what an Owner may. */
  readonly userId?: string;
}

interface Standing {
  readonly member: Member;
  readonly role: RoleName;
  readonly email: string;
}

/**
 * Changes of an org's members by its members or its partner. The lock of the org's row serializes them, so that the acting member's
 * role is current and the last Owner stays.
 */
@Injectable()
export class MemberChanges {
  readonly #roleEnds: RoleEnd[] = [];
  readonly #removalSteps: RemovalStep[] = [];

  constructor(
    private readonly changes: Changes,
    private readonly members: Members,
  ) {}

  /** Registers a clean-up of what a role granted. */
  beforeRoleChange(end: RoleEnd): void {
    this.#roleEnds.push(end);
  }

  beforeRemoval(step: RemovalStep): void {
    this.#removalSteps.push(step);
  }

  /**
   * @returns the new member's user id
   * @throws AppError not_found (404) for the role, role_missing (403), taken, limit_reached (409)
   */
  async add(editor: MemberEditor, { email, name, role_id }: AddMemberDto): Promise<string> {
    const { orgId } = editor;
    try {
      return await this.changes.change(editor.actor, async (manager, record) => {
        await lockOrgOrThrow(manager, orgId);
        const user = await ensureUser(manager, email);
        await this.members.assertRoom(manager, orgId);
        const role = await findRoleOrThrow(manager, orgId, role_id);
        await assertMay(manager, editor, { to: role.name });
        const { user_id } = await insertMember(manager, {
          org_id: orgId,
          account_id: user.id,
          role_id: role.id,
          name: name ?? email.split('@', 1)[0]!,
        });
        const changes = { role: { before: null, after: role.name } };
        record({ action: 'member.created', orgId, target: targetOf({ id: user_id, email: user.email }), changes });
        return user_id;
      });
    } catch (error) {
      throw constraintRefusal(error, { label: 'Member', unique: { members_org_account: 'email' } });
    }
  }

  /** Ends the member's sessions. @throws AppError not_found (404), role_missing (403), last_owner (409) */
  async changeRole(editor: MemberEditor, userId: string, roleId: string | undefined): Promise<void> {
    const { orgId } = editor;
    await this.changes.change(editor.actor, async (manager, record) => {
      await lockOrgOrThrow(manager, orgId);
      const { member, role, email } = await findMemberOrThrow(manager, orgId, userId);
      if (roleId === undefined) return;
      const wanted = await findRoleOrThrow(manager, orgId, roleId);
      if (wanted.name === role) return;
      await assertMay(manager, editor, { from: role, to: wanted.name, memberId: member.id });
      for (const end of this.#roleEnds) await end(manager, member.id);
      await manager.update(Member, { id: member.id }, { role_id: wanted.id });
      const changes = { role: { before: role, after: wanted.name } };
      record({ action: 'member.updated', orgId, target: targetOf({ id: userId, email }), changes });
    });
  }

  /**
   * Ends the member's sessions and pending login links; what they created stays.
   * @throws AppError not_found (404), role_missing (403), last_owner (409)
   */
  async remove(editor: MemberEditor, userId: string): Promise<void> {
    const { orgId } = editor;
    await this.changes.change(editor.actor, async (manager, record) => {
      await lockOrgOrThrow(manager, orgId);
      const { member, role, email } = await findMemberOrThrow(manager, orgId, userId);
      await assertMay(manager, editor, { from: role, memberId: member.id });
      for (const step of this.#removalSteps) await step(manager, { orgId, email });
      await manager.delete(Member, { id: member.id });
      const changes = { role: { before: role, after: null } };
      record({ action: 'member.deleted', orgId, target: targetOf({ id: userId, email }), changes });
    });
  }
}

async function findRoleOrThrow(manager: EntityManager, orgId: string, id: string): Promise<Role> {
  const role = await manager.findOneBy(Role, { id, org_id: orgId });
  if (!role) throw notFound('Role');
  return role;
}

async function findMemberOrThrow(manager: EntityManager, orgId: string, userId: string): Promise<Standing> {
  const member = await manager.findOneBy(Member, { org_id: orgId, user_id: userId });
  if (!member) throw notFound('Member');
  const role = await manager.findOneByOrFail(Role, { id: member.role_id });
  const { email } = await manager.findOneByOrFail(User, { id: member.account_id });
  return { member, role: role.name, email };
}

interface AskedChange {
  readonly from?: RoleName;
  readonly to?: RoleName;
  /** The member whose role changes. */
  readonly memberId?: string;
}

/** Read under the org's lock, because the role may have changed since authentication. */
async function assertMay(
  manager: EntityManager,
  { orgId, userId }: MemberEditor,
  { from, to, memberId }: AskedChange,
): Promise<void> {
  const roles = await manager.findBy(Role, { org_id: orgId });
  const owner = roles.find(({ name }) => name === 'Owner')!;
  const others = memberId === undefined ? {} : { id: Not(memberId) };
  const otherOwners = await manager.countBy(Member, { org_id: orgId, role_id: owner.id, ...others });
  const by = userId === undefined ? 'Owner' : await roleOf(manager, orgId, userId, roles);
  const refusal = validateRoleChange({ by, from, to, otherOwners });
  if (refusal) throw refusal;
}

async function roleOf(
  manager: EntityManager,
  orgId: string,
  userId: string,
  roles: readonly Role[],
): Promise<RoleName | undefined> {
  const member = await manager.findOneBy(Member, { org_id: orgId, user_id: userId });
  return roles.find(({ id }) => id === member?.role_id)?.name;
}

function targetOf({ id, email }: Pick<User, 'id' | 'email'>) {
  return { type: 'member', id, name: email };
}
