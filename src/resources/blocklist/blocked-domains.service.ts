import { Injectable } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { uuidV7 } from '../../database/uuid-v7.js';
import { invalidField } from '../../errors/app-error.js';
import { defineResource } from '../../resource-kit/define-resource.js';
import { BlockedDomain } from './blocked-domain.entity.js';
import type { BlockDomainsDto } from './blocklist.dto.js';
import { judgeDomains } from './judge-domains.js';

export const kit = defineResource({
  path: 'blocklist/domains',
  scope: 'blocklist',
  entity: BlockedDomain,
  label: 'Blocked domain',
  offers: ['list', 'delete'],
});

@Injectable()
export class BlockedDomains extends kit.Service {
  /**
   * Blocks all that aren't blocked yet, in one statement.
   * @throws AppError invalid_request (400) naming the domains that are none; then nothing is saved
   */
  async block({ orgId }: Principal, { domains: text, reason }: BlockDomainsDto) {
    const judged = judgeDomains(text);
    if ('problem' in judged) throw invalidField('domains', judged.problem);
    const { domains } = judged;
    // In one order, so that two calls with the same domains wait for each other, not in a ring.
    const rows = domains.toSorted().map((domain) => ({ id: uuidV7(), org_id: orgId, domain, reason }));
    const insert = this.database.manager.createQueryBuilder().insert().into(BlockedDomain).values(rows).orIgnore();
    const { raw } = await insert.updateEntity(false).returning(`${this.row} AS text`).execute();
    const blocked = (raw as { text: string }[]).map((row) => JSON.parse(row.text) as BlockedDomain);
    const skipped = domains.filter((domain) => !blocked.some((row) => row.domain === domain));
    return { blocked, skipped, summary: { total: domains.length, blocked: blocked.length, skipped: skipped.length } };
  }
}
