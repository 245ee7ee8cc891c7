import { Injectable } from '@nestjs/common';
import type { Caller } from '../../../kit/audit/actor.js';
import { AuditedTable } from '../../../kit/audit/audited-table.js';
import { withheld } from '../../../kit/audit/audited-setting.js';
import { SettingChanges } from '../../../kit/audit/setting-changes.js';
import { Database } from '../../../core/database/database.js';
import type { PreparedRead } from '../../../core/database/fast-lane/fast-lane.js';
import { MailDomain } from '../../../kit/mailer/mail-domain.entity.js';
import { MAIL_DOMAIN, MailDomains } from '../../../kit/mailer/mail-domains.service.js';
import { canonicalDomain } from '../../../core/validation/address.js';
import type { PutDomainDto } from './email.dto.js';
import { kit } from './email-domains.definition.js';
import { type Wire, WireJson } from '../../../core/wire/wire-json.js';

const AUDITED = {
  type: MAIL_DOMAIN,
  calledBy: ['domain_name'],
  shownAs: { domain_records: withheld },
  key: 'domain_name',
};

@Injectable()
export class EmailDomains extends kit.Service {
  readonly #readByName: PreparedRead;
  readonly #table: AuditedTable;
  readonly #put = this.database.inserts.prepare(
    'mail_domains.put',
    this.metadata,
    // A no-op update returns an existing row.
    `ON CONFLICT (org_id, domain_name) DO UPDATE SET domain_name = excluded.domain_name RETURNING ${this.row} AS text`,
  );

  constructor(
    database: Database,
    private readonly domains: MailDomains,
    private readonly changes: SettingChanges,
  ) {
    super(database);
    this.#table = new AuditedTable(database, MailDomain, AUDITED);
    const byName = `SELECT ${this.row} FROM mail_domains WHERE org_id = $1 AND domain_name = $2`;
    this.#readByName = database.reads.prepare('mail_domains.by_name', byName);
  }

  /** Idempotent. @returns the domain with its DNS records */
  async put(caller: Caller, { domain_name }: PutDomainDto): Promise<Wire<MailDomain>> {
    const { orgId } = caller.principal;
    if (await this.domains.isClaimed(orgId, domain_name)) {
      const known = await this.#readByName.json<Wire<MailDomain>>([orgId, domain_name]);
      if (known !== undefined) return known.parse();
    }
    const domain = await this.domains.newDomain(orgId, domain_name);
    const put = async () => (await this.#put.row<Wire<MailDomain>>(domain))!;
    return this.changes.watch(caller, this.#table.row(orgId, domain_name), put);
  }

  /** @throws AppError not_found (404) */
  async startVerification({ principal: { orgId }, actor }: Caller, name: string): Promise<WireJson<Wire<MailDomain>>> {
    const domainName = this.#nameOf(name);
    if (!(await this.domains.startVerification(actor, orgId, domainName))) this.notFound();
    return (await this.#readByName.json<Wire<MailDomain>>([orgId, domainName])) ?? this.notFound();
  }

  /** Queued mail from the domain fails. @throws AppError not_found (404) */
  async deleteByName(caller: Caller, name: string): Promise<void> {
    const { orgId } = caller.principal;
    const where = { org_id: orgId, domain_name: this.#nameOf(name) };
    await this.changes.watch(caller, this.#table.row(orgId, where.domain_name), async () => {
      const { affected } = await this.database.manager.delete(MailDomain, where);
      if (affected === 0) this.notFound();
    });
  }

  #nameOf(text: string): string {
    return canonicalDomain(text) ?? this.notFound();
  }
}
