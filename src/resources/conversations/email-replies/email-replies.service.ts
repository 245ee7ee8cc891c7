import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { escapeHtml } from '../../../core/wire/escape-html.js';
import { Mail } from '../../../kit/mailer/mail.service.js';
import { MailDomains } from '../../../kit/mailer/mail-domains.service.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import { ChannelDelivery, type ChannelMessage } from '../chat-sessions/channel-delivery.service.js';
import type { ChatSession } from '../chat-sessions/chat-session.entity.js';
import { mailKeyOf } from '../chat-sessions/mail-key.js';
import { SessionContacts } from '../chat-sessions/session-contacts.service.js';

/** The mailbox of customer service (RFC 2142). */
const SUPPORT = 'support';

/** Sends messages of e-mail sessions to the contact. */
@Injectable()
export class EmailReplies implements OnModuleInit {
  constructor(
    private readonly delivery: ChannelDelivery,
    private readonly contacts: SessionContacts,
    private readonly mail: Mail,
    private readonly domains: MailDomains,
  ) {}

  onModuleInit(): void {
    this.delivery.handle('email', (manager, session, message) => this.#enqueue(manager, session, message));
  }

  async #enqueue(manager: EntityManager, session: ChatSession, message: ChannelMessage): Promise<string | undefined> {
    const { org_id: orgId, ticket_number, channel_subject: subject } = session;
    const to = (await this.contacts.addressesOf(manager, session)).email;
    if (to === null) return 'The contact has no e-mail address.';
    const from = session.channel_address ?? (await this.#defaultSender(manager, orgId));
    if (from === undefined) return 'The organization has no verified e-mail domain.';
    const { name } = await manager.findOneByOrFail(Org, { id: orgId });
    await this.mail.enqueue(manager, {
      orgId,
      from,
      senderName: message.senderName ?? name,
      to,
      subject: subject === null ? `${name}: ticket ${ticket_number}` : replyTo(subject),
      html: htmlOf(message),
      isTransactional: true,
      key: mailKeyOf(message.id),
    });
    return undefined;
  }

  async #defaultSender(manager: EntityManager, orgId: string): Promise<string | undefined> {
    const domain = await this.domains.firstVerified(manager, orgId);
    return domain && `${SUPPORT}@${domain}`;
  }
}

function replyTo(subject: string): string {
  return /^re:/i.test(subject) ? subject : `Re: ${subject}`;
}

function htmlOf({ text, links }: ChannelMessage): string {
  const lines = escapeHtml(text).split('\n').join('<br>\n');
  const files = links.map(({ name, url }) => `<p><a href="${escapeHtml(url)}">${escapeHtml(name)}</a></p>`);
  return [`<p>${lines}</p>`, ...files].join('\n');
}
