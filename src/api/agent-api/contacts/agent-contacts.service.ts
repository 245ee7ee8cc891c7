import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import type { PreparedInsert } from '../../../core/database/fast-lane/fast-lane.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { invalidField } from '../../../core/errors/invalid-request.js';
import { constraintRefusal } from '../../../core/errors/constraint-refusal.js';
import { isCheckViolation } from '../../../core/errors/postgres-error.js';
import { Files } from '../../../kit/files/files.service.js';
import { canonicalDomain, canonicalEmail } from '../../../core/validation/address.js';
import { AgentRows, type Condition } from '../agent-rows.js';
import { enveloped } from '../envelope.js';
import type { AgentContactsQuery, CreateAgentContactDto, UpdateAgentContactDto } from './agent-contact.dto.js';
import { AgentContact } from './agent-contact.entity.js';
import type { Wire, WireJson } from '../../../core/wire/wire-json.js';
import type { Envelope, PageEnvelope } from '../envelope.js';

const LABEL = 'Contact';
const WORDS = { label: LABEL, unique: { agent_contacts_reference: 'external_reference_id' } };
const FOUND_BY_SEARCH = `(name ILIKE ANY (?::text[]) OR email ILIKE ANY (?::text[])
  OR phone ILIKE ANY (?::text[]) OR external_reference_id ILIKE ANY (?::text[]))`;

/** Identifies a contact. */
export type ContactKey = { readonly id: string } | { readonly external_reference_id: string };

/** A contact of an agent [S3], separate from the org's contacts. */
type Contact = Envelope<Wire<AgentContact>>;

@Injectable()
export class AgentContacts {
  readonly #rows: AgentRows<AgentContact>;
  readonly #insert: PreparedInsert;

  constructor(
    private readonly database: Database,
    private readonly files: Files,
  ) {
    this.#rows = new AgentRows(database, AgentContact, LABEL);
    const { metadata, row } = this.#rows;
    this.#insert = database.inserts.prepare('agent_contacts.insert', metadata, `RETURNING ${row} AS text`);
  }

  list(principal: Principal, query: AgentContactsQuery): Promise<WireJson<PageEnvelope<Wire<AgentContact>>>> {
    const { search, status, stage, archived } = query;
    const conditions: Condition[] = [['archived = ?', archived]];
    if (search !== undefined) conditions.push([FOUND_BY_SEARCH, spellingsOf(search).map(containing)]);
    if (status !== undefined) conditions.push(['status = ?', status]);
    if (stage !== undefined) conditions.push(['stage = ?', stage]);
    return this.#rows.page(principal, query, conditions);
  }

  /** @throws AppError not_found (404) */
  async read(principal: Principal, key: ContactKey): Promise<WireJson<Contact> | Contact> {
    if ('id' in key) return this.#rows.read(principal, key.id);
    const { rows } = await this.database.pool.query<{ row: Wire<AgentContact> }>(
      `SELECT ${this.#rows.row}::json AS row FROM agent_contacts
       WHERE org_id = $1 AND agent_id = $2 AND external_reference_id = $3`,
      [principal.orgId, principal.agentId, key.external_reference_id],
    );
    return enveloped(rows[0]?.row ?? this.#rows.notFound());
  }

  /** @throws AppError taken (409), invalid_request (400) if both email and phone are missing */
  async add({ orgId, agentId }: Principal, contact: CreateAgentContactDto): Promise<Contact> {
    const values = { ...contact, id: uuidV7(), org_id: orgId, agent_id: agentId };
    return enveloped((await mapConstraintErrors(() => this.#insert.row<Wire<AgentContact>>(values)))!);
  }

  /** Without values, returns the contact unchanged. @throws AppError not_found (404), and as `add` */
  async change(
    principal: Principal,
    key: ContactKey,
    change: UpdateAgentContactDto,
  ): Promise<WireJson<Contact> | Contact> {
    if (Object.values(change).every((value) => value === undefined)) return this.read(principal, key);
    return this.#update(principal, key, change);
  }

  /** Idempotent. @throws AppError not_found (404) */
  archive(principal: Principal, id: string): Promise<Contact> {
    return this.#update(principal, { id }, { archived: true });
  }

  /** Deletes a contact with its files. @throws AppError not_found (404) */
  async remove({ orgId, agentId }: Principal, id: string): Promise<Envelope<null>> {
    await inTransaction(this.database.dataSource, async (manager) => {
      const { affected } = await manager.delete(AgentContact, { org_id: orgId, agent_id: agentId, id });
      if (affected !== 1) this.#rows.notFound();
      await this.files.sweepSoon(manager);
    });
    return enveloped(null);
  }

  async #update({ orgId, agentId }: Principal, key: ContactKey, values: object): Promise<Contact> {
    const update = this.database.manager.createQueryBuilder().update(AgentContact).set(values);
    const where = { org_id: orgId, agent_id: agentId, ...key };
    const { raw } = await mapConstraintErrors(() =>
      update.where(where).returning(`${this.#rows.row}::json AS row`).execute(),
    );
    return enveloped((raw as { row: Wire<AgentContact> }[])[0]?.row ?? this.#rows.notFound());
  }
}

/** Returns the search text and, for an address or domain, its canonical form. */
function spellingsOf(search: string): string[] {
  const canonical = canonicalEmail(search) ?? canonicalDomain(search);
  return canonical === undefined ? [search] : [search, canonical];
}

function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

/** Leaves the check for email or phone to the database, because an update has only some of the fields. */
async function mapConstraintErrors<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isCheckViolation(error, 'agent_contacts_reachable')) throw invalidField('email', 'email or phone is required');
    throw constraintRefusal(error, WORDS);
  }
}
