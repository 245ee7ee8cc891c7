import { Injectable } from '@nestjs/common';
import { Database } from '../../../core/database/database.js';
import { inTransaction } from '../../../core/database/transaction.js';
import type { SignedQuery } from '../../../core/encryption/link-signer.js';
import { UnsubscribeLinks } from '../../../kit/mailer/unsubscribe-links.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import { Contacts } from '../../directory/contacts/contacts.service.js';

/** Unsubscribes the recipient that a signed link names. */
@Injectable()
export class Unsubscribes {
  constructor(
    private readonly database: Database,
    private readonly links: UnsubscribeLinks,
    private readonly contacts: Contacts,
  ) {}

  /** Undefined: the link wasn't signed here. */
  async senderOf(token: string, query: SignedQuery): Promise<{ org: string; email: string } | undefined> {
    const subscriber = this.links.read(token, query);
    if (subscriber === undefined) return undefined;
    const { name } = await this.database.manager.findOneByOrFail(Org, { id: subscriber.orgId });
    return { org: name, email: subscriber.email };
  }

  /** Idempotent. An unknown recipient becomes a contact, so that later mail is skipped too. @returns whether the link is valid */
  async unsubscribe(token: string, query: SignedQuery): Promise<boolean> {
    const subscriber = this.links.read(token, query);
    if (subscriber === undefined) return false;
    const { orgId, email } = subscriber;
    await inTransaction(this.database.dataSource, (manager) => this.contacts.unsubscribe(manager, orgId, email));
    return true;
  }
}
