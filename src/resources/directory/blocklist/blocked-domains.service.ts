import { Injectable } from '@nestjs/common';
import type { Caller } from '../../../kit/audit/actor.js';
import { Changes } from '../../../kit/audit/changes.js';
import { Database } from '../../../core/database/database.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { invalidField } from '../../../core/errors/invalid-request.js';
import type { Wire } from '../../../core/wire/wire-json.js';
import { BlockedDomain } from './blocked-domain.entity.js';
import type { BlockDomainsDto } from './blocklist.dto.js';
import { parseDomains } from './parse-domains.js';
import { kit } from './blocked-domains.definition.js';

@Injectable()
export class BlockedDomains extends kit.Service {
  constructor(
    database: Database,
    private readonly changes: Changes,
  ) {
    super(database);
  }

  /**
   * Blocks the domains that aren't blocked yet, in one statement with one audit entry.
   * @throws AppError invalid_request (400) naming the invalid domains; then none is blocked
   */
  async block({ principal: { orgId }, actor }: Caller, { domains: text, reason }: BlockDomainsDto) {
    const parsed = parseDomains(text);
    if ('problem' in parsed) throw invalidField('domains', parsed.problem);
    const { domains } = parsed;
    // Sorted, so that concurrent calls with the same domains cannot deadlock.
    const rows = domains.toSorted().map((domain) => ({ id: uuidV7(), org_id: orgId, domain, reason }));
    const blocked = await this.changes.change(actor, async (manager, record) => {
      const insert = manager.createQueryBuilder().insert().into(BlockedDomain).values(rows).orIgnore();
      const { raw } = await insert.updateEntity(false).returning(`${this.row}::json AS row`).execute();
      const added = (raw as { row: Wire<BlockedDomain> }[]).map(({ row }) => row);
      if (added.length > 0) record({ action: 'blocked_domain.created', orgId, ...entryOf(added) });
      return added;
    });
    const skipped = domains.filter((domain) => !blocked.some((row) => row.domain === domain));
    return { blocked, skipped, summary: { total: domains.length, blocked: blocked.length, skipped: skipped.length } };
  }
}

function entryOf(added: readonly Wire<BlockedDomain>[]) {
  const [first, ...others] = added;
  const id = others.length === 0 ? first!.id : null;
  const name = others.length === 0 ? first!.domain : `${added.length} domains`;
  const changes = { domains: { before: null, after: added.map(({ domain }) => domain) } };
  return { target: { type: 'blocked_domain', id, name }, changes };
}
