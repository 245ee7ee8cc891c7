import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../kit/audit/actor.js';
import { Changes, type Recorder } from '../../kit/audit/changes.js';
import { Database } from '../../core/database/database.js';
import { uuidV7 } from '../../core/database/uuid-v7.js';
import { notFound } from '../../core/errors/core-errors.js';
import { isLiveOrg } from '../orgs/org-sql.js';
import { whatsAppNumberErrors } from './whatsapp-numbers.errors.js';
import { lockOrgOrThrow } from '../orgs/orgs.service.js';
import { PooledNumber } from './pooled-number.entity.js';
import type { PoolNumberDto, SaveWhatsAppNumberDto } from './whatsapp-number.dto.js';
import { WhatsAppNumber } from './whatsapp-number.entity.js';

/** A number of the pool, with its org or partner. */
export interface NumberPlace {
  readonly id: string;
  readonly business_account_id: string | null;
  readonly partner_id: string | null;
  readonly org_id: string | null;
  readonly display_phone_number: string | null;
}

// Omitted values stay. Locks the row, so that a number is assigned once.
const POOL = `
  INSERT INTO whatsapp_number_pool (phone_number_id, business_account_id, partner_id) VALUES ($1, $2, $3)
  ON CONFLICT (phone_number_id) DO UPDATE SET
    business_account_id = coalesce(excluded.business_account_id, whatsapp_number_pool.business_account_id),
    partner_id = coalesce(whatsapp_number_pool.partner_id, excluded.partner_id)
  RETURNING partner_id`;
const OF_ARCHIVED_ORG = `
  DELETE FROM whatsapp_numbers WHERE phone_number_id = $1 AND NOT ${isLiveOrg('whatsapp_numbers.org_id')}`;
const PLACES = `
  SELECT phone_number_id AS id, business_account_id, partner_id, org_id, display_phone_number
  FROM whatsapp_number_pool LEFT JOIN whatsapp_numbers USING (phone_number_id)
  ORDER BY phone_number_id`;

/** Assigns WhatsApp numbers to orgs. The operator adds numbers, for an org or for a partner to assign. */
@Injectable()
export class NumberAssignments {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
  ) {}

  async ofOrg(orgId: string): Promise<WhatsAppNumber[]> {
    const select = { id: true, phone_number_id: true, display_phone_number: true, verified_name: true, status: true };
    return this.database.manager.find(WhatsAppNumber, { select, where: { org_id: orgId }, order: { id: 'DESC' } });
  }

  /** Every number of the pool. */
  async places(): Promise<NumberPlace[]> {
    return (await this.database.query(PLACES)).rows as unknown as NumberPlace[];
  }

  /** Gives a number to a partner, which may assign it to its orgs. @throws AppError whatsapp_number_taken (409) by another partner */
  async handTo(actor: Actor, partnerId: string, { id, business_account_id }: PoolNumberDto): Promise<void> {
    await this.changes.change(actor, async (manager, record) => {
      const before = await manager.findOneBy(PooledNumber, { phone_number_id: id });
      await pool(manager, id, business_account_id, partnerId);
      if (before?.partner_id === partnerId) return;
      record({ action: 'whatsapp_number.handed_to_partner', orgId: null, target: targetOf(null, id) });
    });
  }

  /**
   * Assigns any number, and adds it to the pool.
   * @throws AppError not_found (404) for the org, whatsapp_number_taken (409) by another partner or org
   */
  async assignAny(
    actor: Actor,
    orgId: string,
    number: SaveWhatsAppNumberDto,
    businessAccountId?: string,
  ): Promise<WhatsAppNumber> {
    return this.changes.change(actor, async (manager, record) => {
      const { partner_id } = await lockOrgOrThrow(manager, orgId);
      await pool(manager, number.id, businessAccountId, partner_id);
      return assign(manager, record, orgId, number);
    });
  }

  /**
   * Assigns a number of the partner.
   * @throws AppError not_found (404) for the org, whatsapp_number_not_yours (403), whatsapp_number_taken (409)
   */
  async assignOwn(
    actor: Actor,
    partnerId: string,
    orgId: string,
    number: SaveWhatsAppNumberDto,
  ): Promise<WhatsAppNumber> {
    return this.changes.change(actor, async (manager, record) => {
      await lockOrgOrThrow(manager, orgId);
      const where = { phone_number_id: number.id, partner_id: partnerId };
      const own = await manager.findOne(PooledNumber, { where, lock: { mode: 'pessimistic_write' } });
      if (own === null) throw whatsAppNumberErrors.whatsapp_number_not_yours({ id: number.id });
      return assign(manager, record, orgId, number);
    });
  }

  /**
   * Takes a number from its org. It stays in the pool; queued messages from it are not sent.
   * @param orgId the org that must have it; default: any
   * @throws AppError not_found (404)
   */
  async release(actor: Actor, id: string, orgId?: string): Promise<void> {
    await this.changes.change(actor, async (manager, record) => {
      await manager.query('SELECT FROM whatsapp_number_pool WHERE phone_number_id = $1 FOR UPDATE', [id]);
      const [[released]] = (await manager.query(
        `DELETE FROM whatsapp_numbers WHERE phone_number_id = $1 AND org_id = coalesce($2, org_id) RETURNING org_id, id`,
        [id, orgId ?? null],
      )) as [{ org_id: string; id: string }[], number];
      if (released === undefined) throw notFound('WhatsApp number');
      const target = targetOf(released.id, id);
      record({ action: 'whatsapp_number.released', orgId: released.org_id, target });
    });
  }

  /** Takes a number out of the pool. @throws AppError not_found (404), whatsapp_number_taken (409) while an org has it */
  async remove(actor: Actor, id: string): Promise<void> {
    await this.changes.change(actor, async (manager, record) => {
      const where = { phone_number_id: id };
      const pooled = await manager.findOne(PooledNumber, { where, lock: { mode: 'pessimistic_write' } });
      if (pooled === null) throw notFound('WhatsApp number');
      if (await manager.existsBy(WhatsAppNumber, where)) throw whatsAppNumberErrors.whatsapp_number_taken({ id });
      await manager.delete(PooledNumber, where);
      record({ action: 'whatsapp_number.removed', orgId: null, target: targetOf(null, id) });
    });
  }
}

/** @throws AppError whatsapp_number_taken (409) by another partner */
async function pool(
  manager: EntityManager,
  id: string,
  businessAccountId: string | undefined,
  partnerId: string | null,
): Promise<void> {
  const values = [id, businessAccountId ?? null, partnerId];
  const [{ partner_id }] = (await manager.query(POOL, values)) as [{ partner_id: string | null }];
  if (partner_id !== partnerId) throw whatsAppNumberErrors.whatsapp_number_taken({ id });
}

/** @param manager whose transaction holds the number of the pool */
async function assign(
  manager: EntityManager,
  record: Recorder,
  orgId: string,
  { id: phone_number_id, ...shown }: SaveWhatsAppNumberDto,
): Promise<WhatsAppNumber> {
  await manager.query(OF_ARCHIVED_ORG, [phone_number_id]);
  const select = { org_id: true, id: true };
  const holder = await manager.findOne(WhatsAppNumber, { select, where: { phone_number_id } });
  const isTaken = holder !== null && holder.org_id !== orgId;
  if (isTaken) throw whatsAppNumberErrors.whatsapp_number_taken({ id: phone_number_id });
  const key = { org_id: orgId, id: holder?.id ?? uuidV7() };
  const number = manager.create(WhatsAppNumber, { ...key, phone_number_id, ...shown, status: 'registered' });
  await manager.upsert(WhatsAppNumber, number, ['org_id', 'id']);
  if (holder === null) {
    record({ action: 'whatsapp_number.assigned', orgId, target: targetOf(key.id, phone_number_id) });
  }
  return number;
}

function targetOf(id: string | null, phoneNumberId: string) {
  return { type: 'whatsapp_number', id, name: phoneNumberId };
}
