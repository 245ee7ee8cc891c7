import { Inject, Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { mintToken64Hex } from '../../../access/credentials/credential-format.js';
import type { Principal } from '../../../access/principal/principal.js';
import { AuditedTable } from '../../../kit/audit/audited-table.js';
import { CONFIG, type Config } from '../../../core/config/config.js';
import { Database } from '../../../core/database/database.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { SecretBox } from '../../../core/encryption/secret-box.js';
import { notFound } from '../../../core/errors/core-errors.js';
import { sipErrors } from './sip.errors.js';
import { isUniqueViolation } from '../../../core/errors/postgres-error.js';
import type { CreateInboundTrunkDto, InboundTrunk, NewInboundTrunk } from './inbound-trunk.dto.js';
import { SipInboundTrunk } from './inbound-trunk.entity.js';

const AGENT_ID_HEADER = 'X-Agent-Id';

@Injectable()
export class InboundTrunks {
  readonly #table: AuditedTable;

  constructor(
    private readonly database: Database,
    private readonly secretBox: SecretBox,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    const audited = { type: 'sip_inbound_trunk', calledBy: ['auth_username'], key: null };
    this.#table = new AuditedTable(database, SipInboundTrunk, audited);
  }

  audited({ orgId }: Principal) {
    return this.#table.row(orgId);
  }

  /** @throws AppError not_found (404) */
  async read({ orgId }: Principal): Promise<InboundTrunk> {
    const trunk = await this.database.manager.findOneBy(SipInboundTrunk, { org_id: orgId });
    if (trunk === null) throw notFound('Inbound trunk');
    return this.#shown(trunk);
  }

  /** The only response with the password. @throws AppError inbound_trunk_exists (409) */
  async create({ orgId }: Principal, settings: CreateInboundTrunkDto): Promise<NewInboundTrunk> {
    const id = uuidV7();
    const password = mintToken64Hex();
    const trunk = { ...settings, id, auth_username: `trunk-${randomBytes(8).toString('hex')}` };
    const auth_password = this.secretBox.seal(password, `sip_inbound_trunks.auth_password ${orgId} ${id}`);
    try {
      await this.database.manager.insert(SipInboundTrunk, { ...trunk, org_id: orgId, auth_password });
    } catch (error) {
      if (!isUniqueViolation(error, 'sip_inbound_trunks_org')) throw error;
      throw sipErrors.inbound_trunk_exists({ cause: error });
    }
    return { ...this.#shown(trunk), auth_password: password };
  }

  /** @throws AppError not_found (404) */
  async delete({ orgId }: Principal): Promise<void> {
    const { affected } = await this.database.manager.delete(SipInboundTrunk, { org_id: orgId });
    if (affected === 0) throw notFound('Inbound trunk');
  }

  #shown(trunk: Omit<InboundTrunk, 'sip_endpoint' | 'agent_id_header'>): InboundTrunk {
    const { id, auth_username, phone_numbers, noise_suppression_enabled } = trunk;
    const sip_endpoint = `sip:${this.config.sipDomain}`;
    const agent_id_header = AGENT_ID_HEADER;
    return { id, sip_endpoint, auth_username, phone_numbers, noise_suppression_enabled, agent_id_header };
  }
}
