import { Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import type { PreparedInsert } from '../../../core/database/fast-lane/fast-lane.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { notFound } from '../../../core/errors/core-errors.js';
import { Files } from '../../../kit/files/files.service.js';
import { AgentRows } from '../agent-rows.js';
import { AgentContact } from '../contacts/agent-contact.entity.js';
import { enveloped, type PageQuery } from '../envelope.js';
import { CONTACT_FILE } from './agent-contact-file.dto.js';
import { AgentContactFile } from './agent-contact-file.entity.js';
import type { Wire, WireJson } from '../../../core/wire/wire-json.js';
import type { IncomingForm } from '../../../core/http/incoming-form.js';
import type { Envelope, PageEnvelope } from '../envelope.js';

/** Files of an agent's contacts [S3]. */
@Injectable()
export class AgentContactFiles {
  readonly #rows: AgentRows<AgentContactFile>;
  readonly #insert: PreparedInsert;

  constructor(
    private readonly database: Database,
    private readonly files: Files,
  ) {
    this.#rows = new AgentRows(database, AgentContactFile, 'File');
    const { metadata, row } = this.#rows;
    this.#insert = database.inserts.prepare('agent_contact_files.insert', metadata, `RETURNING ${row} AS text`);
  }

  /** @throws AppError not_found (404) for the contact */
  async list(
    principal: Principal,
    contactId: string,
    query: PageQuery,
  ): Promise<WireJson<PageEnvelope<Wire<AgentContactFile>>>> {
    await this.#findContact(principal, contactId);
    return this.#rows.page(principal, query, [['contact_id = ?', contactId]]);
  }

  /** @throws AppError not_found (404) for the contact, and as `Files.receive` */
  async add(principal: Principal, contactId: string, form: IncomingForm): Promise<Envelope<Wire<AgentContactFile>>> {
    const { orgId, agentId } = principal;
    // Refuse before the upload. The foreign key covers a contact that is deleted during it.
    await this.#findContact(principal, contactId);
    return this.files.receive(form, orgId, CONTACT_FILE, ({ file: { id, ...file }, fields: { label } }) =>
      inTransaction(this.database.dataSource, async (manager) => {
        await this.#findContact(principal, contactId, manager);
        await this.files.keep(manager, { id, bytes: file.bytes });
        const row = { ...file, label, id: uuidV7(), file_id: id, contact_id: contactId };
        const whole = { ...row, org_id: orgId, agent_id: agentId };
        return enveloped((await this.#insert.row<Wire<AgentContactFile>>(whole, manager))!);
      }),
    );
  }

  /** @throws AppError not_found (404), storage_unavailable (503) */
  async open(
    principal: Principal,
    contactId: string,
    id: string,
  ): Promise<{ file: AgentContactFile; bytes: Readable }> {
    const file = await this.#find(principal, contactId, id);
    return { file, bytes: await this.files.read(file.file_id) };
  }

  /** @throws AppError not_found (404) */
  async remove({ orgId, agentId }: Principal, contactId: string, id: string): Promise<Envelope<null>> {
    const where = { org_id: orgId, agent_id: agentId, contact_id: contactId, id };
    await inTransaction(this.database.dataSource, async (manager) => {
      const { affected } = await manager.delete(AgentContactFile, where);
      if (affected !== 1) this.#rows.notFound();
      await this.files.sweepSoon(manager);
    });
    return enveloped(null);
  }

  async #find({ orgId, agentId }: Principal, contactId: string, id: string): Promise<AgentContactFile> {
    const found = await this.database.manager.findOne(AgentContactFile, {
      select: { file_id: true, name: true, media_type: true, bytes: true },
      where: { org_id: orgId, agent_id: agentId, contact_id: contactId, id },
    });
    return found ?? this.#rows.notFound();
  }

  /** @param manager of a transaction during which the contact must not be deleted */
  async #findContact({ orgId, agentId }: Principal, id: string, manager?: EntityManager): Promise<void> {
    const where = { org_id: orgId, agent_id: agentId, id };
    const lock = manager && ({ mode: 'for_key_share' } as const);
    const found = await (manager ?? this.database.manager).findOne(AgentContact, { where, ...(lock && { lock }) });
    if (!found) throw notFound('Contact');
  }
}
