import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { assertScopes } from '../../../access/principal/missing-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { partyOf } from '../../../kit/audit/actor.js';
import { Database } from '../../../core/database/database.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { notFound } from '../../../core/errors/core-errors.js';
import { sequenceErrors } from './sequences.errors.js';
import type { ContactReference } from '../../directory/contacts/contact-reference.dto.js';
import { Contacts } from '../../directory/contacts/contacts.service.js';
import type { AddContactsDto } from './sequence.dto.js';
import { SequenceRuns } from './sequence-runs.service.js';
import { scopesOfSteps } from './sequence-steps.js';
import { Sequences } from './sequences.service.js';

const KNOWN = `
  SELECT id FROM contacts WHERE org_id = $1 AND id = ANY ($2::uuid[])
  UNION ALL SELECT id FROM contacts WHERE org_id = $1 AND email = ANY ($3::text[])
  UNION ALL SELECT id FROM contacts WHERE org_id = $1 AND phone_number = ANY ($4::text[])`;

/** Adds contacts to continuous sequences. */
@Injectable()
export class SequenceContacts {
  constructor(
    private readonly database: Database,
    private readonly sequences: Sequences,
    private readonly runs: SequenceRuns,
    private readonly contacts: Contacts,
  ) {}

  /**
   * Creates unknown contacts. Skips those that do not match the filter or were added before.
   * @throws AppError invalid_request (400), not_found (404) for the sequence or a contact, scope_missing (403),
   *   sequence_not_continuous, sequence_canceled, sequence_step_unavailable, sequence_sender_unverified (409)
   */
  async add(principal: Principal, name: string, { contacts }: AddContactsDto): Promise<{ run_id: string }> {
    const { orgId } = principal;
    return inTransaction(this.database.dataSource, async (manager) => {
      const sequence = await this.sequences.lockOrThrow(manager, orgId, name);
      assertScopes(principal, scopesOfSteps(sequence.steps));
      if (!sequence.is_continuous) throw sequenceErrors.sequence_not_continuous();
      if (sequence.status === 'canceled') throw sequenceErrors.sequence_canceled();
      const ids = await this.#idsOf(manager, orgId, contacts);
      return { run_id: await this.runs.startWith(manager, sequence, ids, partyOf(principal)) };
    });
  }

  async #idsOf(manager: EntityManager, orgId: string, contacts: readonly ContactReference[]): Promise<string[]> {
    const ids = distinct(contacts.map(({ id }) => id));
    const emails = distinct(contacts.map(({ email }) => email));
    const phones = distinct(contacts.map(({ phone_number }) => phone_number));
    // Concurrent calls that lock the same contacts in another order could deadlock.
    if (contacts.length > 1) await this.contacts.takeTurn(manager, orgId);
    for (const email of emails) await this.contacts.ensure(manager, orgId, { email });
    for (const phone_number of phones) await this.contacts.ensure(manager, orgId, { phone_number });
    const rows = (await manager.query(KNOWN, [orgId, ids, emails, phones])) as { id: string }[];
    const known = new Set(rows.map(({ id }) => id));
    if (!ids.every((id) => known.has(id))) throw notFound('Contact');
    return [...known];
  }
}

function distinct(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined))];
}
