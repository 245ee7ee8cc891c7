import { Inject, Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { mintToken64Hex } from '../../../access/credentials/credential-format.js';
import type { Principal } from '../../../access/principal/principal.js';
import { AuditedTable } from '../../../kit/audit/audited-table.js';
import { CONFIG, type Config } from '../../../core/config/config.js';
import { Database } from '../../../core/database/database.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { SecretBox } from '../../../core/encryption/secret-box.js';
import { notFound } from '../../../core/errors/core-errors.js';
import { sipErrors } from './sip.errors.js';
import { isUniqueViolation } from '../../../core/errors/postgres-error.js';
import type { CreateInboundTrunkDto, InboundTrunk, NewInboundTrunk } from './inbound-trunk.dto.js';
import { SipInboundTrunk } from './inbound-trunk.entity.js';

const AGENT_ID_HEADER = 'X-Agent-Id';

const NUMBERS = `
  SELECT coalesce(json_agg(phone_number ORDER BY position), '[]') FROM sip_inbound_numbers
  WHERE sip_inbound_numbers.org_id = sip_inbound_trunks.org_id AND trunk_id = sip_inbound_trunks.id`;
// In the order of the numbers, so that two trunks with the same ones can't wait for each other.
const CLAIM = `
  INSERT INTO sip_inbound_numbers (org_id, trunk_id, phone_number, position)
  SELECT $1, $2, number, position FROM unnest($3::text[]) WITH ORDINALITY AS given (number, position) ORDER BY number
  ON CONFLICT (phone_number) DO NOTHING RETURNING phone_number`;

type ShownTrunk = Omit<InboundTrunk, 'sip_endpoint' | 'agent_id_header'>;

@Injectable()
export class InboundTrunks {
  readonly #table: AuditedTable;

  constructor(
    private readonly database: Database,
    private readonly secretBox: SecretBox,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    const audited = { type: 'sip_inbound_trunk', calledBy: ['auth_username'], key: null };
    this.#table = new AuditedTable(database, SipInboundTrunk, { ...audited, computed: { phone_numbers: NUMBERS } });
  }

  audited({ orgId }: Principal) {
    return this.#table.row(orgId);
  }

  /** @throws AppError not_found (404) */
  async read({ orgId }: Principal): Promise<InboundTrunk> {
    const sql = `SELECT *, (${NUMBERS}) AS phone_numbers FROM sip_inbound_trunks WHERE org_id = $1`;
    const [trunk] = (await this.database.manager.query(sql, [orgId])) as ShownTrunk[];
    if (trunk === undefined) throw notFound('Inbound trunk');
    return this.#shown(trunk);
  }

  /** The only response with the password. @throws AppError inbound_trunk_exists, inbound_number_taken (409) */
  async create(
    { orgId }: Principal,
    { phone_numbers, noise_suppression_enabled }: CreateInboundTrunkDto,
  ): Promise<NewInboundTrunk> {
    const id = uuidV7();
    const password = mintToken64Hex();
    const trunk = { id, auth_username: `trunk-${randomBytes(8).toString('hex')}`, noise_suppression_enabled };
    const auth_password = this.secretBox.seal(password, `sip_inbound_trunks.auth_password ${orgId} ${id}`);
    try {
      await inTransaction(this.database.dataSource, async (manager) => {
        await manager.insert(SipInboundTrunk, { ...trunk, org_id: orgId, auth_password });
        await claimNumbers(manager, orgId, id, phone_numbers);
      });
    } catch (error) {
      if (!isUniqueViolation(error, 'sip_inbound_trunks_org')) throw error;
      throw sipErrors.inbound_trunk_exists({ cause: error });
    }
    return { ...this.#shown({ ...trunk, phone_numbers }), auth_password: password };
  }

  /** @throws AppError not_found (404) */
  async delete({ orgId }: Principal): Promise<void> {
    const { affected } = await this.database.manager.delete(SipInboundTrunk, { org_id: orgId });
    if (affected === 0) throw notFound('Inbound trunk');
  }

  #shown(trunk: ShownTrunk): InboundTrunk {
    const { id, auth_username, phone_numbers, noise_suppression_enabled } = trunk;
    const sip_endpoint = `sip:${this.config.sipDomain}`;
    const agent_id_header = AGENT_ID_HEADER;
    return { id, sip_endpoint, auth_username, phone_numbers, noise_suppression_enabled, agent_id_header };
  }
}

/** @throws AppError inbound_number_taken (409) */
async function claimNumbers(
  manager: EntityManager,
  orgId: string,
  trunkId: string,
  numbers: readonly string[],
): Promise<void> {
  const rows = (await manager.query(CLAIM, [orgId, trunkId, numbers])) as { phone_number: string }[];
  const claimed = new Set(rows.map(({ phone_number }) => phone_number));
  const taken = numbers.filter((number) => !claimed.has(number));
  if (taken.length > 0) throw sipErrors.inbound_number_taken({ numbers: taken.join(', ') });
}
