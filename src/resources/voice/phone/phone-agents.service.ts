import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { assertScopes } from '../../../access/principal/missing-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { rowId } from '../../../core/wire/row-id.js';
import type { Values } from '../../../kit/crud/definition.js';
import { CALL_SCOPES } from '../../automation/actions/action-calls.service.js';
import { PhoneAgent } from './phone-agent.entity.js';
import { PhoneAgentAction } from './phone-agent-action.entity.js';
import { kit } from './phone-agents.definition.js';
import type { Wire } from '../../../core/wire/wire-json.js';

@Injectable()
export class PhoneAgents extends kit.Service {
  /** @throws AppError scope_missing (403), not_found (404) for an action */
  override async create(
    principal: Principal,
    { action_ids, ...values }: Values<PhoneAgent>,
  ): Promise<Wire<PhoneAgent>> {
    if (action_ids === undefined) return super.create(principal, values);
    assertMayCall(principal, action_ids as string[]);
    const key = { org_id: principal.orgId, id: uuidV7() };
    return inTransaction(this.database.dataSource, async (manager) => {
      await this.insert({ ...values, ...key }, manager);
      return this.#withActions(manager, principal, key.id, action_ids as string[], {});
    });
  }

  /** @throws AppError scope_missing (403), not_found (404) for the agent or an action */
  override async update(principal: Principal, id: string, values: Values<PhoneAgent>): Promise<Wire<PhoneAgent>> {
    const { action_ids, ...others } = values;
    if (action_ids === undefined) return super.update(principal, id, others);
    assertMayCall(principal, action_ids as string[]);
    return inTransaction(this.database.dataSource, async (manager) => {
      const where = { org_id: principal.orgId, id };
      // Concurrent updates must not mix their lists.
      const agent = await manager.findOne(PhoneAgent, { where, lock: { mode: 'pessimistic_write' } });
      if (!agent) return this.notFound();
      await manager.delete(PhoneAgentAction, { org_id: principal.orgId, phone_agent_id: id });
      return this.#withActions(manager, principal, id, action_ids as string[], others);
    });
  }

  /** Updates the agent last, so that the response has the actions. */
  async #withActions(
    manager: EntityManager,
    principal: Principal,
    id: string,
    actionIds: readonly string[],
    values: Values<PhoneAgent>,
  ): Promise<Wire<PhoneAgent>> {
    const key = { org_id: principal.orgId, phone_agent_id: id };
    const rows = actionIds.map((action_id, position) => ({ ...key, action_id: rowId(action_id), position }));
    await this.mapConstraintErrors(() => manager.insert(PhoneAgentAction, rows));
    return super.update(principal, id, { ...values, updated_at: new Date() }, manager);
  }
}

/** An agent calls its actions without a key, so the caller must have the scopes. @throws AppError scope_missing (403) */
function assertMayCall(principal: Principal, actionIds: readonly string[]): void {
  if (actionIds.length > 0) assertScopes(principal, CALL_SCOPES);
}
