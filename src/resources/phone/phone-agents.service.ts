import { Injectable } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { AppError } from '../../errors/app-error.js';
import { defineResource } from '../../resource-kit/define-resource.js';
import type { JsonText, Values } from '../../resource-kit/resource-service.js';
import { listOf, UUID } from '../../wire/schema.js';
import { PhoneAgent } from './phone-agent.entity.js';

export const kit = defineResource({
  path: 'phone',
  scope: 'phone',
  entity: PhoneAgent,
  label: 'Phone agent',
  computed: { action_ids: { sql: `'[]'::json`, shape: listOf(UUID) } },
  references: { phone_agents_action_fk: 'Action' },
});

@Injectable()
export class PhoneAgents extends kit.Service {
  /** @throws AppError not_found (404) for an action */
  override create(principal: Principal, { action_ids, ...values }: Values<PhoneAgent>): Promise<JsonText> {
    assertActions(action_ids);
    return super.create(principal, values);
  }

  /** @throws AppError not_found (404) for the agent or an action */
  override update(principal: Principal, id: string, { action_ids, ...values }: Values<PhoneAgent>): Promise<JsonText> {
    assertActions(action_ids);
    return super.update(principal, id, values);
  }
}

/** There is none yet, so each id is an unknown one. */
function assertActions(ids: Values<PhoneAgent>['action_ids'] = []): void {
  if ((ids as string[]).length > 0) throw new AppError('not_found', { what: 'Action' });
}
