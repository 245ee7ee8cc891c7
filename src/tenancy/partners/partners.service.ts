import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { validateAllowedIps } from '../../access/network/ip-allow-list.js';
import type { Actor } from '../../kit/audit/actor.js';
import { Changes } from '../../kit/audit/changes.js';
import { changesOf } from '../../kit/audit/changes-of.js';
import { Database } from '../../core/database/database.js';
import { takeTurn } from '../../core/database/transaction.js';
import { uuidV7 } from '../../core/database/uuid-v7.js';
import { rowId } from '../../core/wire/row-id.js';
import { notFound } from '../../core/errors/core-errors.js';
import { invalidRequest } from '../../core/errors/invalid-request.js';
import { Partner } from './partner.entity.js';

export interface PartnerSettings {
  readonly name: string;
  readonly allowed_ips?: readonly string[];
  readonly ai_instructions?: string | null;
  readonly confirm_login_links?: boolean | null;
  readonly contact_email?: string | null;
}

/** Partners, managed by the operator. */
@Injectable()
export class Partners {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
  ) {}

  async create(actor: Actor, settings: PartnerSettings): Promise<Partner> {
    return this.changes.change(actor, async (manager, record) => {
      const partner = manager.create(Partner, { id: uuidV7(), is_active: true, ...checked(settings) });
      await manager.insert(Partner, partner);
      record({ action: 'partner.created', orgId: null, target: targetOf(partner) });
      return partner;
    });
  }

  list(): Promise<Partner[]> {
    return this.database.dataSource.manager.find(Partner, { order: { id: 'DESC' } });
  }

  /** @throws AppError not_found (404) */
  async findOrThrow(id: string): Promise<Partner> {
    const partner = await this.database.dataSource.manager.findOneBy(Partner, { id: rowId(id) });
    if (!partner) throw notFound('Partner');
    return partner;
  }

  /** Omitted settings stay. Once it returns, the change holds in every process. @throws AppError not_found (404) */
  async update(
    actor: Actor,
    id: string,
    settings: Partial<PartnerSettings & { is_active: boolean }>,
  ): Promise<Partner> {
    await this.findOrThrow(id);
    const wanted = checked(settings);
    return this.changes.change(actor, async (manager, record) => {
      const partner = await manager.findOneOrFail(Partner, { where: { id }, lock: { mode: 'pessimistic_write' } });
      const changes = changesOf(partner, wanted);
      if (Object.keys(changes).length > 0) {
        await manager.update(Partner, { id }, wanted);
        record({ action: 'partner.updated', orgId: null, target: targetOf(partner), changes });
      }
      return Object.assign(partner, wanted);
    });
  }
}

/** The given settings, with addresses in canonical form. */
function checked(settings: Partial<PartnerSettings & { is_active: boolean }>): Partial<Partner> {
  const { allowed_ips: allowedIps, ...rest } = settings;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  if (allowedIps === undefined) return given;
  const result = validateAllowedIps(allowedIps);
  if ('problems' in result) throw invalidRequest(result.problems.map((message) => ({ field: 'allowed_ips', message })));
  return { ...given, allowed_ips: result.entries };
}

function targetOf(partner: Partner) {
  return { type: 'partner', id: partner.id, name: partner.name };
}

/** Serializes transactions that count rows of the partner before they add one. */
export async function lockPartnerForCount(manager: EntityManager, id: string): Promise<void> {
  await takeTurn(manager, 'partner', id);
  await manager.query('SELECT FROM partners WHERE id = $1 FOR NO KEY UPDATE', [id]);
}
