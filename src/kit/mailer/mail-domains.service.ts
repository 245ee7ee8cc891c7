import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type EntityManager, IsNull } from 'typeorm';
import { type Actor, SYSTEM } from '../audit/actor.js';
import { Changes } from '../audit/changes.js';
import { changesOf } from '../audit/changes-of.js';
import { CONFIG, type Config } from '../../core/config/config.js';
import { Database } from '../../core/database/database.js';
import { uuidV7 } from '../../core/database/uuid-v7.js';
import { SecretBox } from '../../core/encryption/secret-box.js';
import { defineJob } from '../../core/jobs/job.js';
import { Jobs } from '../../core/jobs/jobs.service.js';
import { domainOf } from '../../core/validation/address.js';
import { DnsTexts } from './dns-texts.js';
import { newDkimKey } from './dkim-key.js';
import { isDkim, matchRecord, recordsOf } from './domain-records.js';
import { MailDomain } from './mail-domain.entity.js';

type DomainKey = Pick<MailDomain, 'org_id' | 'id'>;
type NewDomain = Omit<MailDomain, 'created_at' | 'updated_at'>;

const TOKEN_BYTES = 24;
const SELECTOR_BYTES = 6;
/** The columns of `DomainFacts`, most of which are hidden, and the state. */
const FACTS = {
  org_id: true,
  id: true,
  domain_name: true,
  token: true,
  dkim_selector: true,
  dkim_public_key: true,
  domain_status: true,
  domain_records: true,
} as const;

/** Target type in the audit. */
export const MAIL_DOMAIN = 'mail_domain';

/** Checks the records of one domain. Retried for some minutes while DNS doesn't answer. */
export const DOMAIN_VERIFICATION = defineJob<DomainKey>({
  name: 'mail-domain-verification',
  retries: 5,
  retryAfterSeconds: 10,
  secondsMax: 60,
  atOnce: 2,
});

/** The domains that orgs send mail from. An org proves ownership by creating a DNS record. */
@Injectable()
export class MailDomains implements OnModuleInit {
  readonly #dns: DnsTexts;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly changes: Changes,
    private readonly secretBox: SecretBox,
  ) {
    this.#dns = new DnsTexts(config.dnsServers);
  }

  onModuleInit(): void {
    this.jobs.handle(DOMAIN_VERIFICATION, {
      run: (key) => this.#verify(key),
      giveUp: (key) => this.#giveUp(key),
    });
  }

  /** True if the org verified the domain of an address. @param address canonical */
  async isVerified(manager: EntityManager, orgId: string, address: string): Promise<boolean> {
    const domain_name = domainOf(address);
    return manager.existsBy(MailDomain, { org_id: orgId, domain_name, domain_status: 'verified' });
  }

  /** The name of the org's oldest verified domain. */
  async firstVerified(manager: EntityManager, orgId: string): Promise<string | undefined> {
    const where = { org_id: orgId, domain_status: 'verified' } as const;
    return (await manager.findOne(MailDomain, { where, order: { id: 'ASC' } }))?.domain_name;
  }

  /** Returns an unverified domain with a new token and DKIM key. */
  async newDomain(orgId: string, domainName: string): Promise<NewDomain> {
    const key = { org_id: orgId, id: uuidV7() };
    const token = randomBytes(TOKEN_BYTES).toString('hex');
    const facts = { domain_name: domainName, token, ...(await this.#newDkimOf(key)) };
    return { ...key, ...facts, domain_status: 'pending', domain_records: recordsOf(facts, this.config.spfInclude) };
  }

  /** True if the org has claimed the domain. One that was claimed before domains had DKIM keys gets a key. */
  async isClaimed(orgId: string, domainName: string): Promise<boolean> {
    const { manager } = this.database;
    const where = { org_id: orgId, domain_name: domainName };
    const domain = await manager.findOne(MailDomain, { select: FACTS, where });
    if (domain === null || domain.dkim_selector !== null) return domain !== null;
    const dkim = await this.#newDkimOf(domain);
    const added = recordsOf({ domain_name: domainName, token: domain.token, ...dkim }, this.config.spfInclude);
    const domain_records = [...domain.domain_records, ...added.filter(isDkim)];
    // Not if another call was faster.
    await manager.update(MailDomain, { ...where, dkim_selector: IsNull() }, { ...dkim, domain_records });
    return true;
  }

  /** A verified domain stays verified until a check fails. @returns false if the org doesn't have the domain */
  async startVerification(actor: Actor, orgId: string, domainName: string): Promise<boolean> {
    return this.changes.change(actor, async (manager, record) => {
      const where = { org_id: orgId, domain_name: domainName };
      const domain = await manager.findOne(MailDomain, { select: FACTS, where, lock: { mode: 'pessimistic_write' } });
      if (domain === null) return false;
      const { org_id, id } = domain;
      const status = domain.domain_status === 'verified' ? 'verified' : 'pending';
      const known = status === 'pending' ? [] : domain.domain_records;
      // The configured SPF include may have changed.
      const records = recordsOf(domain, this.config.spfInclude).map(
        (record) => known.find(({ name, value }) => name === record.name && value === record.value) ?? record,
      );
      await manager.update(MailDomain, { org_id, id }, { domain_status: status, domain_records: records });
      await this.jobs.enqueue(manager, DOMAIN_VERIFICATION, { org_id, id });
      record({
        action: `${MAIL_DOMAIN}.verification_started`,
        orgId,
        target: targetOf({ id, domain_name: domainName }),
      });
      return true;
    });
  }

  /** @throws Error if DNS doesn't answer */
  async #verify({ org_id, id }: DomainKey): Promise<void> {
    const domain = await this.database.manager.findOneBy(MailDomain, { org_id, id });
    if (domain === null) return;
    const records = await Promise.all(
      domain.domain_records.map(async (record) => matchRecord(record, await this.#dns.lookUp(record.name))),
    );
    const missing = records.filter((record) => record.status !== 'verified');
    // Without its DKIM record, mail of a verified domain is not signed, but still sent.
    const isVerified = missing.length === 0 || (domain.domain_status === 'verified' && missing.every(isDkim));
    const result = { domain_status: isVerified ? 'verified' : 'failed', domain_records: records } as const;
    await this.#conclude({ org_id, id }, result);
  }

  async #newDkimOf({ org_id, id }: DomainKey) {
    const { privateKey, publicKey } = await newDkimKey();
    return {
      // Other orgs may claim the same domain.
      dkim_selector: `gatehouse-${randomBytes(SELECTOR_BYTES).toString('hex')}`,
      dkim_public_key: publicKey,
      dkim_private_key: this.secretBox.seal(privateKey, `mail_domains.dkim_private_key ${org_id} ${id}`),
    };
  }

  /** Without an answer from DNS, records stay pending and a verified domain stays verified. */
  async #giveUp({ org_id, id }: DomainKey): Promise<void> {
    await this.#conclude({ org_id, id }, { domain_status: 'failed' }, 'pending');
  }

  /** Stores a result and audits it, because it decides about sending. @param from required current status */
  async #conclude(
    key: DomainKey,
    result: Pick<MailDomain, 'domain_status'> & Partial<Pick<MailDomain, 'domain_records'>>,
    from?: MailDomain['domain_status'],
  ): Promise<void> {
    await this.changes.change(SYSTEM, async (manager, record) => {
      const where = { ...key, ...(from && { domain_status: from }) };
      const domain = await manager.findOne(MailDomain, { where, lock: { mode: 'pessimistic_write' } });
      if (domain === null) return;
      await manager.update(MailDomain, key, result);
      const changes = changesOf(domain, { domain_status: result.domain_status });
      if (Object.keys(changes).length === 0) return;
      record({ action: `${MAIL_DOMAIN}.updated`, orgId: key.org_id, target: targetOf(domain), changes });
    });
  }
}

function targetOf({ id, domain_name: name }: Pick<MailDomain, 'id' | 'domain_name'>) {
  return { type: MAIL_DOMAIN, id, name };
}
