import { Injectable } from '@nestjs/common';
import { type EntityManager, IsNull } from 'typeorm';
import type { Principal } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import type { PreparedInsert } from '../../../core/database/fast-lane/fast-lane.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { invalidField } from '../../../core/errors/invalid-request.js';
import { isUniqueViolation } from '../../../core/errors/postgres-error.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { BulkUpsert } from '../../../kit/bulk-upsert/bulk-upsert.js';
import type { BulkResult } from '../../../kit/bulk-upsert/bulk-upsert.dto.js';
import { DomainEventBus } from '../../../kit/domain-events/domain-event-bus.js';
import type { ContactChange, NewContact } from './contact.dto.js';
import { Contact } from './contact.entity.js';
import { ADDRESS_INDEXES, changesData, type ContactOutcome, CONTACT_ROWS, DELIVERABLE } from './contact-rows.js';
import { mergeCustomData } from './merge-custom-data.js';
import { kit } from './contacts.definition.js';
import type { Wire } from '../../../core/wire/wire-json.js';

const UNSUBSCRIBED = `
  SELECT email FROM contacts
  WHERE org_id = $1 AND email = ANY ($2::text[]) AND unsubscribed_at IS NOT NULL`;

/** Why mail that isn't transactional is skipped. */
export const UNSUBSCRIBED_REASON = 'The contact has unsubscribed.';

@Injectable()
export class Contacts extends kit.Service {
  /** Answers with the id only: parsing the new row would take as long as validating the body. */
  readonly #add = this.database.inserts.prepare('contacts.add', this.metadata, 'RETURNING id::text AS text');
  readonly #ensureEmail = this.#ensuring('email');
  readonly #ensurePhone = this.#ensuring('phone_number');
  readonly #bulk = new BulkUpsert(this.database, CONTACT_ROWS);

  constructor(
    database: Database,
    private readonly events: DomainEventBus,
  ) {
    super(database);
  }

  /** @throws AppError taken (409) */
  async add(principal: Principal, contact: NewContact): Promise<{ id: string }> {
    const id = uuidV7();
    const { custom_data } = contact;
    const row = { ...columnsOf(contact), custom_data, id, org_id: principal.orgId };
    await this.events.emitWith(principal, createdEvent(principal.orgId, id), (manager) =>
      this.mapConstraintErrors(() => this.#add.run(row, manager)),
    );
    return { id };
  }

  /**
   * Creates and updates contacts, each matched by its e-mail address, else by its phone number. A row that isn't valid, or
   * conflicts, fails alone.
   * @throws AppError taken (409) if single writes kept taking addresses
   */
  upsert(principal: Principal, contacts: readonly object[]): Promise<BulkResult> {
    const { orgId } = principal;
    const emitEvents = async (manager: EntityManager, outcomes: readonly ContactOutcome[]) => {
      const created = outcomes.flatMap((outcome) => (outcome.status === 'created' ? [outcome.row.id] : []));
      const contactIds = outcomes.filter(changesData).map(({ row }) => row.id);
      await this.events.emitAll(principal, manager, [
        ...created.map((id) => createdEvent(orgId, id)),
        ...(contactIds.length > 0 ? [{ name: 'contacts.changed', orgId, contactIds } as const] : []),
      ]);
    };
    return this.mapConstraintErrors(() => this.#bulk.run(orgId, contacts, emitEvents));
  }

  /** See `BulkUpsert.takeTurn`. To be called before a transaction locks several contacts. */
  takeTurn(manager: EntityManager, orgId: string): Promise<void> {
    return this.#bulk.takeTurn(manager, orgId);
  }

  /** Finds or creates the contact with a canonical e-mail address or a phone number. @returns its id */
  async ensure(
    manager: EntityManager,
    orgId: string,
    way: { email: string } | { phone_number: string },
  ): Promise<string> {
    const newId = uuidV7();
    const row = { id: newId, org_id: orgId };
    const ensured =
      'email' in way
        ? this.#ensureEmail.run({ ...row, email: way.email }, manager)
        : this.#ensurePhone.run({ ...row, phone_number: way.phone_number }, manager);
    const id = (await ensured)!;
    if (id === newId) await this.events.emit(manager, createdEvent(orgId, id));
    return id;
  }

  /** @returns false if another contact has the address; the transaction goes on */
  async takeAddress(
    manager: EntityManager,
    where: { readonly org_id: string; readonly id: string },
    address: { readonly email?: string; readonly phone_number?: string },
  ): Promise<boolean> {
    try {
      // A savepoint, because a violated constraint ends the transaction otherwise.
      await manager.transaction((nested) => nested.update(Contact, where, address));
      return true;
    } catch (error) {
      if (ADDRESS_INDEXES.some((index) => isUniqueViolation(error, index))) return false;
      throw error;
    }
  }

  /** Creates a contact without verified data, for a session. @returns its id */
  async addUnknown(manager: EntityManager, orgId: string): Promise<string> {
    const id = uuidV7();
    await this.insert({ id, org_id: orgId }, manager);
    await this.events.emit(manager, createdEvent(orgId, id));
    return id;
  }

  /** @returns those of some canonical addresses whose contacts have unsubscribed */
  async unsubscribedAmong(manager: EntityManager, orgId: string, emails: readonly string[]): Promise<Set<string>> {
    if (emails.length === 0) return new Set();
    const rows = (await manager.query(UNSUBSCRIBED, [orgId, emails])) as { email: string }[];
    return new Set(rows.map(({ email }) => email));
  }

  /** @returns why mail that isn't transactional is not sent to a canonical address, or undefined */
  async findMailObstacle(manager: EntityManager, orgId: string, email: string): Promise<string | undefined> {
    const select = { unsubscribed_at: true, undeliverable_at: true } as const;
    const contact = await manager.findOne(Contact, { select, where: { org_id: orgId, email } });
    if (contact?.unsubscribed_at) return UNSUBSCRIBED_REASON;
    return contact?.undeliverable_at ? 'Mail to the contact bounced or was refused before.' : undefined;
  }

  /** For the contact with a canonical address, if there is one. */
  async markUndeliverable(manager: EntityManager, orgId: string, email: string, reason: string | null): Promise<void> {
    const change = { undeliverable_at: new Date(), undeliverable_reason: reason };
    await manager.update(Contact, { org_id: orgId, email }, change);
  }

  /** Creates an unknown contact. @param email canonical */
  async unsubscribe(manager: EntityManager, orgId: string, email: string): Promise<void> {
    const key = { org_id: orgId, id: await this.ensure(manager, orgId, { email }), unsubscribed_at: IsNull() };
    await manager.update(Contact, key, { unsubscribed_at: new Date() });
  }

  /**
   * Merges custom data and changes addresses under the row's lock, so that concurrent changes don't overwrite each other.
   * @throws AppError invalid_request (400), not_found (404), taken (409)
   */
  async change(principal: Principal, id: string, change: ContactChange): Promise<Wire<Contact>> {
    const { custom_data = {}, unsubscribed_at } = change;
    const values = { ...columnsOf(change), unsubscribed_at, ...(change.undeliverable_at === null && DELIVERABLE) };
    const changesData = Object.keys(custom_data).length > 0;
    const dependsOnRow = changesData || values.email !== undefined || values.phone_number === null;
    if (!dependsOnRow) return this.update(principal, id, values);
    await this.mapConstraintErrors(() =>
      inTransaction(this.database.dataSource, async (manager) => {
        const where = { id, org_id: principal.orgId };
        const present = await manager.findOne(Contact, { where, lock: { mode: 'pessimistic_write' } });
        if (!present) return this.notFound();
        assertReachable(present, values);
        const hasOtherEmail = values.email !== undefined && values.email !== present.email;
        const merged = mergeCustomData(present.custom_data, custom_data);
        await manager.update(Contact, where, { ...values, ...(hasOtherEmail && DELIVERABLE), custom_data: merged });
        if (!changesData) return;
        await this.events.emit(manager, { name: 'contacts.changed', orgId: principal.orgId, contactIds: [id] });
      }),
    );
    return this.find(principal, id);
  }

  #ensuring(column: 'email' | 'phone_number'): PreparedInsert {
    // A no-op update returns and locks an existing row, so that it exists until the transaction ends.
    const ending = `ON CONFLICT (org_id, ${column}) WHERE ${column} IS NOT NULL
      DO UPDATE SET ${column} = excluded.${column} RETURNING contacts.id::text AS text`;
    return this.database.inserts.prepare(`contacts.ensure.${column}`, this.metadata, ending);
  }
}

function createdEvent(orgId: string, contactId: string) {
  return { name: 'contact.created', orgId, contactId } as const;
}

/** Contacts of sessions may have no address, and none to lose. @throws AppError invalid_request (400) */
function assertReachable(present: Contact, change: { email?: string | null; phone_number?: string | null }): void {
  const { email = present.email, phone_number = present.phone_number } = change;
  if (email !== null || phone_number !== null) return;
  if (present.email === null && present.phone_number === null) return;
  throw invalidField('contact.email', 'contact.email or contact.phone is required');
}

/** The field `phone` of a request is the column `phone_number`. */
function columnsOf({ email, phone, name }: NewContact | ContactChange) {
  return { email, phone_number: phone, name };
}
