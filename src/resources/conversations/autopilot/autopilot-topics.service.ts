import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { assertScopes } from '../../../access/principal/missing-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { partyOf } from '../../../kit/audit/actor.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { coreErrors } from '../../../core/errors/core-errors.js';
import { lockOrgForCount } from '../../../tenancy/orgs/orgs.service.js';
import type { Values } from '../../../kit/crud/definition.js';
import { AutopilotTopic, TOPIC_SCOPES } from './autopilot-topic.entity.js';
import { kit } from './autopilot-topics.definition.js';
import type { Wire } from '../../../core/wire/wire-json.js';

/** Every prompt contains all of them. */
const TOPICS_MAX = 100;

@Injectable()
export class AutopilotTopics extends kit.Service {
  /** @throws AppError scope_missing (403), taken, limit_reached (409) */
  override async create(principal: Principal, values: Values<AutopilotTopic>): Promise<Wire<AutopilotTopic>> {
    assertScopes(principal, TOPIC_SCOPES[values.mode as AutopilotTopic['mode']]);
    return inTransaction(this.database.dataSource, async (manager) => {
      const { orgId } = principal;
      // Concurrent calls must not exceed the limit.
      await lockOrgForCount(manager, orgId);
      const topic_key = String(values.topic).toLowerCase();
      const count = await manager.countBy(AutopilotTopic, { org_id: orgId });
      if (count >= TOPICS_MAX) throw coreErrors.limit_reached({ max: TOPICS_MAX, what: 'topics' });
      return this.insert(
        { ...values, created_by: partyOf(principal), topic_key, id: uuidV7(), org_id: orgId },
        manager,
      );
    });
  }

  async all({ orgId }: Principal): Promise<Omit<AutopilotTopic, 'org_id'>[]> {
    const topics = await this.of(this.database.manager, orgId);
    // TypeORM selects every column of the primary key.
    return topics.map(({ org_id: _, ...topic }) => topic);
  }

  /** Newest first. */
  of(manager: EntityManager, orgId: string): Promise<AutopilotTopic[]> {
    return manager.find(AutopilotTopic, { where: { org_id: orgId }, order: { id: 'DESC' } });
  }
}
