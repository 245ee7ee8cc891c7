import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, IsNull } from 'typeorm';
import { mintToken64Hex } from '../../access/credentials/credential-format.js';
import { ROLE_NAMES } from '../../access/scopes/roles.js';
import type { Actor } from '../../kit/audit/actor.js';
import { Changes, type Recorder } from '../../kit/audit/changes.js';
import { changesOf, givenFields } from '../../kit/audit/changes-of.js';
import { CONFIG, type Config } from '../../core/config/config.js';
import { Database } from '../../core/database/database.js';
import { takeTurn } from '../../core/database/transaction.js';
import { uuidV7 } from '../../core/database/uuid-v7.js';
import { rowId } from '../../core/wire/row-id.js';
import { coreErrors, notFound } from '../../core/errors/core-errors.js';
import { orgErrors } from './orgs.errors.js';
import { isUniqueViolation } from '../../core/errors/postgres-error.js';
import { Role } from './role.entity.js';
import { Partner } from '../partners/partner.entity.js';
import { lockPartnerForCount } from '../partners/partners.service.js';
import type { CreateOrgDto, UpdateOwnOrgDto } from './org.dto.js';
import { Org, type OrgSuspender } from './org.entity.js';

const OF_PARTNER = 'SELECT archived_at IS NOT NULL AS is_archived FROM orgs WHERE id = $1 AND partner_id = $2';

export type NewOrg = Omit<CreateOrgDto, 'integrations'>;
/** Runs within the change that creates the org. */
export type Furnish = (manager: EntityManager, record: Recorder, orgId: string) => Promise<void>;

/** Tenants. A partner or the operator creates them; they, its members and its keys edit them. Archived, never deleted. */
@Injectable()
export class Orgs {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    @Inject(CONFIG) private readonly config: Pick<Config, 'totals'>,
  ) {}

  /**
   * @param partnerId null for an org without a partner
   * @param furnish adds the first rows of the org, in the same transaction
   * @throws AppError limit_reached (409); org_external_id_taken (409), decided by the unique index
   */
  async create(actor: Actor, partnerId: string | null, dto: NewOrg, furnish?: Furnish): Promise<Org> {
    try {
      return await this.changes.change(actor, async (manager, record) => {
        if (partnerId !== null) await this.#assertRoom(manager, partnerId);
        const org = await insertOrg(manager, partnerId, dto);
        const { name: _name, ...given } = dto;
        record({ action: 'org.created', orgId: org.id, target: targetOf(org), changes: givenFields(given) });
        await furnish?.(manager, record, org.id);
        return org;
      });
    } catch (error) {
      if (!isUniqueViolation(error, 'orgs_partner_external_id')) throw error;
      throw orgErrors.org_external_id_taken({ external_id: dto.external_id! }, { cause: error });
    }
  }

  /** Locks the partner's row, so that concurrent calls can't exceed the limit. */
  async #assertRoom(manager: EntityManager, partnerId: string): Promise<void> {
    await lockPartnerForCount(manager, partnerId);
    const max = this.config.totals.orgsPerPartner;
    const count = await manager.countBy(Org, { partner_id: partnerId, archived_at: IsNull() });
    if (count >= max) throw coreErrors.limit_reached({ max: max, what: 'organizations of a partner' });
  }

  /** Newest first, with the total. */
  async listOfPartner(partnerId: string, limit: number, offset: number): Promise<[Org[], number]> {
    return this.database.dataSource.manager.findAndCount(Org, {
      where: { partner_id: partnerId, archived_at: IsNull() },
      order: { id: 'DESC' },
      take: limit,
      skip: offset,
    });
  }

  /** Undefined: the partner has no org with this id. */
  async stateForPartner(id: string, partnerId: string | null): Promise<'active' | 'archived' | undefined> {
    const statement = { name: 'org-of-partner', text: OF_PARTNER, values: [rowId(id), partnerId] };
    const { rows } = await this.database.pool.query<{ is_archived: boolean }>(statement);
    return rows[0] && (rows[0].is_archived ? 'archived' : 'active');
  }

  /** @throws AppError org_external_id_unknown (404) */
  async findByExternalIdOrThrow(partnerId: string, externalId: string): Promise<Org> {
    const where = { partner_id: partnerId, external_id: externalId, archived_at: IsNull() };
    const org = await this.database.dataSource.manager.findOneBy(Org, where);
    if (!org) throw orgErrors.org_external_id_unknown({ external_id: externalId });
    return org;
  }

  /** @throws AppError not_found (404) */
  async findOrThrow(id: string): Promise<Org> {
    const org = await this.database.dataSource.manager.findOneBy(Org, { id, archived_at: IsNull() });
    if (!org) throw notFound('Org');
    return org;
  }

  async list(): Promise<Org[]> {
    return this.database.dataSource.manager.find(Org, { where: { archived_at: IsNull() }, order: { id: 'DESC' } });
  }

  /** @throws AppError not_found (404) */
  async update(actor: Actor, id: string, dto: UpdateOwnOrgDto): Promise<Org> {
    return this.changes.change(actor, async (manager, record) => {
      const org = await lockOrgOrThrow(manager, id);
      const changes = changesOf(org, { ...dto });
      if (Object.keys(changes).length === 0) return org;
      await manager.update(Org, { id }, { ...dto });
      record({ action: 'org.updated', orgId: id, target: targetOf(org), changes });
      return manager.findOneByOrFail(Org, { id });
    });
  }

  /** Once it returns, the old token is invalid. @throws AppError not_found (404) */
  async rotateWidgetToken(actor: Actor, id: string): Promise<Org> {
    return this.changes.change(actor, async (manager, record) => {
      const org = await lockOrgOrThrow(manager, id);
      const widget_token = mintToken64Hex();
      await manager.update(Org, { id }, { widget_token });
      record({ action: 'org.widget_token_rotated', orgId: id, target: targetOf(org) });
      return { ...org, widget_token };
    });
  }

  /**
   * Refuses the org's keys, sessions and login links until it is resumed. Once it returns, every process does. The
   * operator takes a partner's suspension over; a partner changes nothing about one of the operator.
   * @throws AppError not_found (404)
   */
  async suspend(actor: Actor, id: string, by: OrgSuspender): Promise<Org> {
    return this.changes.change(actor, async (manager, record) => {
      const org = await lockOrgOrThrow(manager, id);
      if (org.suspended_by === by || org.suspended_by === 'operator') return org;
      const wanted = { suspended_at: org.suspended_at ?? new Date(), suspended_by: by };
      await manager.update(Org, { id }, wanted);
      record({ action: 'org.suspended', orgId: id, target: targetOf(org), changes: changesOf(org, wanted) });
      return { ...org, ...wanted };
    });
  }

  /**
   * Admits the org's keys and sessions again. Does nothing to an org that isn't suspended.
   * @throws AppError not_found (404); suspended_by_operator (409) for a partner
   */
  async resume(actor: Actor, id: string, by: OrgSuspender): Promise<Org> {
    return this.changes.change(actor, async (manager, record) => {
      const org = await lockOrgOrThrow(manager, id);
      if (org.suspended_by === null) return org;
      if (org.suspended_by === 'operator' && by === 'partner') throw orgErrors.suspended_by_operator();
      const wanted = { suspended_at: null, suspended_by: null };
      await manager.update(Org, { id }, wanted);
      record({ action: 'org.resumed', orgId: id, target: targetOf(org), changes: changesOf(org, wanted) });
      return { ...org, ...wanted };
    });
  }

  /** Once it returns, every process refuses the org's keys and sessions. The row stays for the audit. */
  async archive(actor: Actor, id: string): Promise<void> {
    await this.changes.change(actor, async (manager, record) => {
      const org = await lockOrgOrThrow(manager, id);
      await manager.update(Org, { id }, { archived_at: new Date() });
      record({ action: 'org.archived', orgId: id, target: targetOf(org) });
    });
  }
}

async function insertOrg(manager: EntityManager, partnerId: string | null, dto: NewOrg): Promise<Org> {
  const partner = partnerId === null ? null : await manager.findOneByOrFail(Partner, { id: partnerId });
  const org = manager.create(Org, {
    id: uuidV7(),
    partner_id: partnerId,
    name: dto.name,
    external_id: dto.external_id ?? null,
    website: dto.website ?? null,
    language: dto.language ?? 'en',
    ai_instructions: dto.ai_instructions ?? partner?.ai_instructions ?? null,
    widget_token: mintToken64Hex(),
  });
  await manager.insert(Org, org);
  await manager.insert(
    Role,
    ROLE_NAMES.map((name) => ({ id: uuidV7(), org_id: org.id, name })),
  );
  return org;
}

/**
 * Serializes changes that count the org's rows before they add one. Foreign keys to the org don't wait.
 * @throws AppError not_found (404)
 */
export async function lockOrgForCount(manager: EntityManager, id: string): Promise<void> {
  await takeTurn(manager, 'org', id);
  const sql = 'SELECT FROM orgs WHERE id = $1 AND archived_at IS NULL FOR NO KEY UPDATE';
  const found = (await manager.query(sql, [id])) as object[];
  if (found.length === 0) throw notFound('Org');
}

/** The row lock also serializes first members, so that only one becomes Owner. */
export async function lockOrgOrThrow(manager: EntityManager, id: string): Promise<Org> {
  await takeTurn(manager, 'org', id);
  const org = await manager.findOne(Org, {
    where: { id, archived_at: IsNull() },
    lock: { mode: 'pessimistic_write' },
  });
  if (!org) throw notFound('Org');
  return org;
}

function targetOf(org: Org) {
  return { type: 'org', id: org.id, name: org.name };
}
