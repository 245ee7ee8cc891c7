import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { rolesFrom } from '../../access/scopes/roles.js';
import { Database } from '../../core/database/database.js';
import { instantAsText } from '../../core/database/row-as-json.js';
import type { PageRequest } from '../../kit/lists/list-queries.js';
import { PreparedPages } from '../../kit/lists/prepared-pages.js';
import type { MemberView } from './member.dto.js';
import type { Page, Wire, WireJson } from '../../core/wire/wire-json.js';
import type { RoleView } from '../orgs/role-view.dto.js';

/** A `MemberView`. */
export const MEMBER = `
  (SELECT row_to_json(member)::text FROM (
    SELECT members.user_id, users.email, members.name, json_build_object('id', roles.id, 'name', roles.name) AS role,
      ${instantAsText('members.created_at')} AS created_at
    FROM users, roles WHERE users.id = members.account_id AND roles.id = members.role_id
  ) member)`;

const OWNERS = `
  SELECT email FROM members JOIN users ON users.id = account_id JOIN roles ON roles.id = role_id
  WHERE members.org_id = $1 AND roles.name = 'Owner' ORDER BY members.id`;

const IS_MANAGER = `roles.name IN (${rolesFrom('Admin')
  .map((name) => `'${name}'`)
  .join(', ')})`;

const MANAGERS_AND = `
  SELECT user_id, email, ${IS_MANAGER} AS is_manager
  FROM members JOIN users ON users.id = account_id JOIN roles ON roles.id = role_id
  WHERE members.org_id = $1 AND (${IS_MANAGER} OR user_id = ANY ($2)) ORDER BY members.id`;

/** A SQL condition: an Owner or Admin of the org has this address. @param orgId, email SQL */
export function isManagerOfSql(orgId: string, email: string): string {
  return `EXISTS (
    SELECT FROM members JOIN users ON users.id = account_id JOIN roles ON roles.id = role_id
    WHERE members.org_id = ${orgId} AND users.email = ${email} AND ${IS_MANAGER})`;
}

/** How to reach a member. */
export interface MemberAddress {
  readonly user_id: string;
  readonly email: string;
  /** An Owner or Admin. */
  readonly is_manager: boolean;
}

/** Lists the members and the roles of an org. */
@Injectable()
export class MemberDirectory {
  readonly #members: PreparedPages<MemberView>;
  readonly #roles: PreparedPages<RoleView>;

  constructor(private readonly database: Database) {
    const role = `(SELECT row_to_json(role)::text FROM (SELECT roles.id, roles.name) role)`;
    this.#members = new PreparedPages(database, { table: 'members', item: MEMBER, filters: {} });
    this.#roles = new PreparedPages(database, { table: 'roles', item: role, filters: {} });
  }

  members(orgId: string, page: PageRequest): Promise<WireJson<Page<Wire<MemberView>>>> {
    return this.#members.read(orgId, page);
  }

  roles(orgId: string, page: PageRequest): Promise<WireJson<Page<RoleView>>> {
    return this.#roles.read(orgId, page);
  }

  /** The e-mail addresses of the Owners. */
  async owners(manager: EntityManager, orgId: string): Promise<string[]> {
    return ((await manager.query(OWNERS, [orgId])) as { email: string }[]).map(({ email }) => email);
  }

  /** The Owners and Admins, and those of the given users who are members. */
  async managersAnd(manager: EntityManager, orgId: string, userIds: readonly string[]): Promise<MemberAddress[]> {
    return manager.query(MANAGERS_AND, [orgId, userIds]);
  }

  /** Reads a member, in the surrounding transaction if there is one. */
  async read(orgId: string, userId: string): Promise<Wire<MemberView>> {
    const sql = `SELECT ${MEMBER}::json AS member FROM members WHERE org_id = $1 AND user_id = $2`;
    const [row] = (await this.database.manager.query(sql, [orgId, userId])) as [{ member: Wire<MemberView> }];
    return row.member;
  }
}
