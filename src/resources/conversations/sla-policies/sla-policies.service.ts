import { Injectable } from '@nestjs/common';
import { assertScopes } from '../../../access/principal/missing-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import type { OrgScope } from '../../../access/scopes/scope-catalogue.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { invalidField } from '../../../core/errors/invalid-request.js';
import type { Values } from '../../../kit/crud/definition.js';
import { unknownIds } from '../../../kit/crud/unknown-ids.js';
import { type SlaConditions, scopesOfConditions } from './sla-policy.dto.js';
import { SlaPolicy } from './sla-policy.entity.js';
import { kit } from './sla-policies.definition.js';
import type { Wire } from '../../../core/wire/wire-json.js';

const DELETE_RUNNING_CLOCKS = `
  DELETE FROM sla_clocks
  WHERE org_id = $1 AND policy_id = $2 AND state = 'active' AND (due_at IS NULL OR due_at >= now())`;

/** A running clock keeps its targets, so a change of a policy affects later clocks only. */
@Injectable()
export class SlaPolicies extends kit.Service {
  override async create(principal: Principal, values: Values<SlaPolicy>): Promise<Wire<SlaPolicy>> {
    assertScopes(principal, scopesOfConditions(values.conditions as SlaConditions | undefined));
    await this.#assertTeams(principal, values);
    return super.create(principal, values);
  }

  override async update(principal: Principal, id: string, values: Values<SlaPolicy>): Promise<Wire<SlaPolicy>> {
    const { conditions, is_active } = values;
    if (conditions !== undefined) assertScopes(principal, scopesOfConditions(conditions as SlaConditions));
    else if (is_active === true) assertScopes(principal, await this.#scopesOf(principal, id));
    await this.#assertTeams(principal, values);
    return super.update(principal, id, values);
  }

  async #scopesOf({ orgId }: Principal, id: string): Promise<OrgScope[]> {
    const policy = await this.database.manager.findOneBy(SlaPolicy, { org_id: orgId, id });
    return scopesOfConditions(policy?.conditions);
  }

  /** Deletes its running clocks. Completed and overdue ones stay for the analytics. @throws AppError not_found (404) */
  override async delete({ orgId }: Principal, id: string): Promise<void> {
    await inTransaction(this.database.dataSource, async (manager) => {
      const where = { org_id: orgId, id };
      // Waits for sessions that start with it.
      const policy = await manager.findOne(SlaPolicy, { where, lock: { mode: 'pessimistic_write' } });
      if (!policy) return this.notFound();
      await manager.query(DELETE_RUNNING_CLOCKS, [orgId, id]);
      await manager.delete(SlaPolicy, where);
    });
  }

  /** @throws AppError invalid_request (400) naming each unknown team */
  async #assertTeams({ orgId }: Principal, { conditions }: Values<SlaPolicy>): Promise<void> {
    const ids = (conditions as SlaConditions | null | undefined)?.team_ids ?? [];
    const unknown = await unknownIds(this.database.manager, 'teams', orgId, ids);
    const field = 'conditions.team_ids';
    if (unknown.length > 0) throw invalidField(field, `${field}: unknown team ${unknown.join(', ')}`);
  }
}
