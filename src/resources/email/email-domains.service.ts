import { Injectable } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { Database } from '../../database/database.js';
import { PreparedInsert } from '../../database/prepared-insert.js';
import type { PreparedRead } from '../../database/prepared-read.js';
import { domainNameOf } from '../../mail/domain-name.js';
import { MailDomain } from '../../mail/mail-domain.entity.js';
import { MailDomains } from '../../mail/mail-domains.service.js';
import { defineResource } from '../../resource-kit/define-resource.js';
import type { JsonText } from '../../resource-kit/resource-service.js';
import type { PutDomainDto } from './email.dto.js';

export const kit = defineResource({
  path: 'email/domains',
  scope: 'email',
  entity: MailDomain,
  label: 'Domain',
  offers: ['list'],
});

@Injectable()
export class EmailDomains extends kit.Service {
  readonly #readByName: PreparedRead;
  readonly #put = new PreparedInsert(
    this.database,
    'mail_domains.put',
    this.metadata,
    // An update that changes nothing returns the row that is there already.
    `ON CONFLICT (org_id, domain_name) DO UPDATE SET domain_name = excluded.domain_name RETURNING ${this.row} AS text`,
  );

  constructor(
    database: Database,
    private readonly domains: MailDomains,
  ) {
    super(database);
    const byName = `SELECT ${this.row} FROM mail_domains WHERE org_id = $1 AND domain_name = $2`;
    this.#readByName = database.reads.prepare('mail_domains.by_name', byName);
  }

  /** The domain with its records; one that is there already stays as it is. */
  async put({ orgId }: Principal, { domain_name }: PutDomainDto): Promise<JsonText> {
    return (await this.#put.run(this.domains.newDomain(orgId, domainNameOf(domain_name)!)))!;
  }

  /** @throws AppError not_found (404) */
  async startVerification({ orgId }: Principal, name: string): Promise<JsonText> {
    const domainName = this.#nameOf(name);
    if (!(await this.domains.startVerification(orgId, domainName))) this.notFound();
    return (await this.#readByName.text([orgId, domainName])) ?? this.notFound();
  }

  /** What waits to be sent from it fails. @throws AppError not_found (404) */
  async deleteByName({ orgId }: Principal, name: string): Promise<void> {
    const where = { org_id: orgId, domain_name: this.#nameOf(name) };
    const { affected } = await this.database.manager.delete(MailDomain, where);
    if (affected === 0) this.notFound();
  }

  #nameOf(text: string): string {
    return domainNameOf(text) ?? this.notFound();
  }
}
