import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainEventBus } from '../../../kit/domain-events/domain-event-bus.js';
import { Contact } from '../../directory/contacts/contact.entity.js';
import { Contacts } from '../../directory/contacts/contacts.service.js';
import { mergeCustomData } from '../../directory/contacts/merge-custom-data.js';
import type { SessionKey } from './chat-history.service.js';
import type { ChatSession } from './chat-session.entity.js';
import type { MessageContact } from './send-message.dto.js';

const SEGMENTS = `
  SELECT contacts.custom_data->>'segments' AS segments FROM chat_sessions
  JOIN contacts ON contacts.org_id = chat_sessions.org_id AND contacts.id = contact_id
  WHERE chat_sessions.org_id = $1 AND chat_sessions.id = $2`;
type Addresses = Pick<Contact, 'email' | 'phone_number'>;
const REACH = { email: true, phone_number: true, non_verified_email: true, non_verified_custom_data: true } as const;
type Claims = Pick<MessageContact, 'name' | 'email' | 'phone_number' | 'custom_data'>;
type KnownContact = Pick<Contact, 'id' | 'email' | 'phone_number' | 'custom_data' | 'non_verified_custom_data'>;

/** Stores what contacts claim about themselves. */
@Injectable()
export class SessionContacts {
  constructor(
    private readonly contacts: Contacts,
    private readonly events: DomainEventBus,
  ) {}

  /**
   * In a verified session, finds or creates the contact by e-mail address or phone number. Otherwise stores the claims
   * as unverified, so that they never lead to the contact of another person.
   * @returns the session's contact, which is created if it had none
   */
  async learn(manager: EntityManager, session: ChatSession, said: MessageContact): Promise<string> {
    const { org_id: orgId, is_verified: isVerified } = session;
    const id = session.contact_id ?? (await this.#contactFor(manager, orgId, isVerified ? said : {}));
    const where = { org_id: orgId, id };
    const present = await manager.findOneOrFail(Contact, {
      where,
      select: { id: true, email: true, phone_number: true, custom_data: true, non_verified_custom_data: true },
      lock: { mode: 'pessimistic_write' },
    });
    const claims = isVerified ? await this.#untaken(manager, where, present, said) : said;
    const change = {
      ...(isVerified && verified(present, said)),
      ...unverified(present, claims),
      updated_at: new Date(),
    };
    await manager.update(Contact, where, change);
    if (isVerified && said.custom_data) {
      await this.events.emit(manager, { name: 'contacts.changed', orgId, contactIds: [id] });
    }
    return id;
  }

  /** The segments of the session's contact: its custom data `segments`, separated by commas. */
  async segmentsOf(manager: EntityManager, { orgId, sessionId }: SessionKey): Promise<string[]> {
    const [found] = (await manager.query(SEGMENTS, [orgId, sessionId])) as { segments: string | null }[];
    return (found?.segments ?? '').split(',').flatMap((segment) => segment.trim() || []);
  }

  /** Where to reach the contact of a session: the verified address, else the one that the contact gave. */
  async addressesOf(manager: EntityManager, { org_id, contact_id }: ChatSession): Promise<Addresses> {
    const contact =
      contact_id === null ? null : await manager.findOne(Contact, { where: { org_id, id: contact_id }, select: REACH });
    return {
      email: contact?.email ?? contact?.non_verified_email ?? null,
      phone_number: contact?.phone_number ?? contact?.non_verified_custom_data['phone_number'] ?? null,
    };
  }

  async #contactFor(manager: EntityManager, orgId: string, { email, phone_number }: MessageContact): Promise<string> {
    if (email) return this.contacts.ensure(manager, orgId, { email });
    if (phone_number) return this.contacts.ensure(manager, orgId, { phone_number });
    return this.contacts.addUnknown(manager, orgId);
  }

  /** Gives a contact the addresses that it lacks. @returns those that it can't take: it has others, or another contact has them */
  async #untaken(
    manager: EntityManager,
    where: { org_id: string; id: string },
    present: KnownContact,
    said: MessageContact,
  ): Promise<Claims> {
    const claims: { email?: string; phone_number?: string } = {};
    for (const way of ['email', 'phone_number'] as const) {
      const address = said[way];
      if (!address || address === present[way]) continue;
      const isTaken = present[way] !== null || !(await this.contacts.takeAddress(manager, where, { [way]: address }));
      if (isTaken) claims[way] = address;
    }
    return claims;
  }
}

function verified({ custom_data }: KnownContact, said: MessageContact) {
  return {
    ...(said.name && { name: said.name }),
    custom_data: mergeCustomData(custom_data, said.custom_data ?? {}),
  };
}

function unverified({ non_verified_custom_data: present }: KnownContact, claims: Claims) {
  return {
    ...(claims.name && { non_verified_name: claims.name }),
    ...(claims.email && { non_verified_email: claims.email }),
    non_verified_custom_data: mergeCustomData(present, {
      ...claims.custom_data,
      ...(claims.phone_number && { phone_number: claims.phone_number }),
    }),
  };
}
