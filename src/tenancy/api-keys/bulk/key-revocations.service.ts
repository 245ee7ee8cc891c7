import { Injectable } from '@nestjs/common';
import { invalidRequest } from '../../../core/errors/invalid-request.js';
import type { Actor } from '../../../kit/audit/actor.js';
import { Orgs } from '../../orgs/orgs.service.js';
import { Partners } from '../../partners/partners.service.js';
import { BulkKeyChanges } from './bulk-key-changes.service.js';
import type { BulkChange, RevokeKeysOfDto } from './bulk-keys.dto.js';
import type { KeyOwners } from './key-selection.js';

/** Revokes all keys of an owner that the operator names. */
@Injectable()
export class KeyRevocations {
  constructor(
    private readonly bulk: BulkKeyChanges,
    private readonly orgs: Orgs,
    private readonly partners: Partners,
  ) {}

  /** @throws AppError invalid_request (400) unless exactly one owner is named; not_found (404) */
  async revokeAll(actor: Actor, dto: RevokeKeysOfDto): Promise<BulkChange> {
    return this.bulk.revokeAll(actor, await this.#ownersOf(dto), dto.dry_run);
  }

  async #ownersOf({ partner_id, org_id, everything }: RevokeKeysOfDto): Promise<KeyOwners> {
    const given = [partner_id, org_id, everything].filter((value) => value != null);
    if (given.length !== 1) {
      const message = 'exactly one of partner_id, org_id and everything must be given';
      throw invalidRequest([{ field: 'everything', message }]);
    }
    if (org_id != null) return { orgId: (await this.orgs.findOrThrow(org_id)).id };
    if (partner_id != null) return { partnerId: (await this.partners.findOrThrow(partner_id)).id };
    return 'everything';
  }
}
