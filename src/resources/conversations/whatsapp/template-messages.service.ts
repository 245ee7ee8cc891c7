import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { notFound } from '../../../core/errors/core-errors.js';
import { invalidField } from '../../../core/errors/invalid-request.js';
import { whatsAppErrors } from './whatsapp.errors.js';
import { WhatsApp } from '../../../kit/outbound/whatsapp.js';
import { ChatHistory } from '../chat-sessions/chat-history.service.js';
import type { ChatSession } from '../chat-sessions/chat-session.entity.js';
import { ChatSessions, keyOf } from '../chat-sessions/chat-sessions.service.js';
import type { ContactReference } from '../../directory/contacts/contact-reference.dto.js';
import { Contact } from '../../directory/contacts/contact.entity.js';
import { Contacts } from '../../directory/contacts/contacts.service.js';
import { type MergedContact, valuesOf } from '../../directory/contacts/contact-merge-fields.js';
import { hasMergeFields, mergeText } from '../../../kit/merge-fields/merge-text.js';
import { sentComponents, textOf } from './template-slots.js';
import type { SendTemplateDto, SentTemplate } from './whatsapp.dto.js';
import { WhatsAppNumber } from '../../../tenancy/whatsapp-numbers/whatsapp-number.entity.js';
import { WhatsAppQueue } from './whatsapp-queue.service.js';
import { WhatsAppTemplate } from './whatsapp-template.entity.js';

type KnownContact = MergedContact & Pick<Contact, 'id'>;

/** Enqueues template messages, in one transaction with their entries in the history. */
@Injectable()
export class TemplateMessages {
  constructor(
    private readonly database: Database,
    private readonly whatsApp: WhatsApp,
    private readonly queue: WhatsAppQueue,
    private readonly sessions: ChatSessions,
    private readonly history: ChatHistory,
    private readonly contacts: Contacts,
  ) {}

  /**
   * @throws AppError not_found (404) for the template, the number, the contact and the session, template_not_approved
   *   (409), invalid_request (400)
   */
  async send({ orgId }: Principal, { variables: unmerged, ...dto }: SendTemplateDto): Promise<SentTemplate> {
    return inTransaction(this.database.dataSource, async (manager) => {
      const template = await templateOrThrow(
        manager,
        orgId,
        { ...dto, variables: unmerged },
        this.whatsApp.configured !== undefined,
      );
      const contact = await this.#contactOrThrow(manager, orgId, dto.contact);
      if (contact.phone_number === null) throw invalidField('contact', 'contact has no phone number');
      const variables = mergedOrThrow(unmerged, contact);
      const session = await this.#session(manager, orgId, dto, contact.id);
      await this.sessions.reopen(manager, session);
      const id = uuidV7();
      const eventId = await this.history.append(manager, {
        ...keyOf(session),
        type: 'message',
        sender: { type: 'agent' },
        text: textOf(template.components, variables),
        context: { whatsapp_template: template.name, whatsapp_message_id: id },
      });
      await this.sessions.set(manager, session, {});
      const { name, language, components } = template;
      await this.queue.add(manager, {
        org_id: orgId,
        id,
        event_id: eventId,
        phone_number_id: dto.phone_number_id,
        message: { to: contact.phone_number, name, language, components: sentComponents(components, variables) },
      });
      return { whatsapp_message_id: id, message_id: eventId, session_id: session.id };
    });
  }

  async #contactOrThrow(manager: EntityManager, orgId: string, way: ContactReference): Promise<KnownContact> {
    const { id, email, phone_number } = way;
    const key = phone_number === undefined ? id : await this.contacts.ensure(manager, orgId, { phone_number });
    const where = { org_id: orgId, ...(key === undefined ? { email: email! } : { id: key }) };
    const found = await manager.findOne(Contact, { where, lock: { mode: 'for_key_share' } });
    if (!found) throw notFound('Contact');
    return found;
  }

  /** The named session if it has the same number, channel and contact; otherwise a new one. */
  async #session(
    manager: EntityManager,
    orgId: string,
    { session_id, phone_number_id }: Pick<SendTemplateDto, 'session_id' | 'phone_number_id'>,
    contactId: string,
  ): Promise<ChatSession> {
    if (session_id !== undefined) {
      const session = await this.sessions.lockOrThrow(manager, orgId, session_id);
      const isSame = session.channel_type === 'whatsapp' && session.channel_address === phone_number_id;
      if (isSame && session.contact_id === contactId) return session;
    }
    const channel = { type: 'whatsapp' as const, phone_number_id };
    const session = { contact_id: contactId, channel, verified: true };
    const id = await this.sessions.begin(manager, orgId, session, 'org');
    return this.sessions.lockOrThrow(manager, orgId, id);
  }
}

/** WhatsApp refuses an empty variable. @throws AppError invalid_request (400) */
function mergedOrThrow(variables: readonly string[], contact: MergedContact): string[] {
  return variables.map((variable, index) => {
    if (!hasMergeFields(variable)) return variable;
    const merged = mergeText(variable, valuesOf(contact));
    if (merged !== '') return merged;
    const field = `variables.${index}`;
    throw invalidField(field, `${field} is empty for this contact: give its merge field a default`);
  });
}

async function templateOrThrow(
  manager: EntityManager,
  orgId: string,
  { template_id: id, phone_number_id, variables }: SendTemplateDto,
  isSent: boolean,
): Promise<WhatsAppTemplate> {
  const select = {
    id: true,
    name: true,
    language: true,
    status: true,
    variables_count: true,
    components: true,
  } as const;
  const template = await manager.findOne(WhatsAppTemplate, { select, where: { org_id: orgId, id } });
  if (!template) throw notFound('Template');
  if (!(await manager.existsBy(WhatsAppNumber, { org_id: orgId, phone_number_id }))) {
    throw notFound('Phone number');
  }
  const { variables_count: count } = template;
  if (variables.length !== count) {
    throw invalidField('variables', `variables must be ${count} for this template, not ${variables.length}`);
  }
  // If WhatsApp is not configured, no template is approved, and messages stay in the outbox.
  const isUsable = template.status === 'approved' || (!isSent && template.status === 'pending');
  if (!isUsable) throw whatsAppErrors.template_not_approved({ status: template.status });
  return template;
}
