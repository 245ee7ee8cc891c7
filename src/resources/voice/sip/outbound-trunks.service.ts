import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { SecretBox } from '../../../core/encryption/secret-box.js';
import type { Values } from '../../../kit/crud/definition.js';
import { type CreatedOutboundTrunk, OutboundTrunk } from './outbound-trunk.entity.js';
import { kit } from './outbound-trunks.definition.js';
import type { Wire } from '../../../core/wire/wire-json.js';

@Injectable()
export class OutboundTrunks extends kit.Service {
  constructor(
    database: Database,
    private readonly secretBox: SecretBox,
  ) {
    super(database);
  }

  async add({ orgId }: Principal, values: Values<OutboundTrunk>): Promise<Wire<CreatedOutboundTrunk>> {
    const id = uuidV7();
    const row = await this.insert({ ...this.#withSealed(values, orgId, id), id, org_id: orgId });
    const { name, created_at, updated_at } = row;
    return { id, name, created_at, updated_at };
  }

  override update(principal: Principal, id: string, values: Values<OutboundTrunk>): Promise<Wire<OutboundTrunk>> {
    return super.update(principal, id, this.#withSealed(values, principal.orgId, id.toLowerCase()));
  }

  /** The ciphertext is bound to its row, so that it cannot be copied to another org's. */
  #withSealed(values: Values<OutboundTrunk>, orgId: string, id: string): Values<OutboundTrunk> {
    const { password } = values;
    if (typeof password !== 'string') return values;
    return { ...values, password: this.secretBox.seal(password, `sip_outbound_trunks.password ${orgId} ${id}`) };
  }
}
