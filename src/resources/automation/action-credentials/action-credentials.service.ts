import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import { inTransaction } from '../../../core/database/transaction.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { SecretBox } from '../../../core/encryption/secret-box.js';
import { invalidField } from '../../../core/errors/invalid-request.js';
import type { Wire } from '../../../core/wire/wire-json.js';
import type { Values } from '../../../kit/crud/definition.js';
import { isSettableHeader } from '../../../kit/outbound/header-name.js';
import { ActionCredential } from './action-credential.entity.js';
import { kit } from './action-credentials.definition.js';

/** A credential as a client sends it. */
type Given = Partial<Pick<ActionCredential, 'name' | 'type' | 'parameter' | 'origin'> & { secret: string }>;

/** Secrets that actions send. The server reads them only to send them. */
@Injectable()
export class ActionCredentials extends kit.Service {
  constructor(
    database: Database,
    private readonly secretBox: SecretBox,
  ) {
    super(database);
  }

  /** @throws AppError invalid_request (400), taken (409) */
  override async create({ orgId }: Principal, values: Values<ActionCredential>): Promise<Wire<ActionCredential>> {
    assertValid(values as Given);
    const id = uuidV7();
    const secret = this.#seal(orgId, id, values.secret as string);
    return this.insert({ ...values, secret, id, org_id: orgId });
  }

  /**
   * Sending the secret elsewhere needs the secret, so that a caller who may edit credentials can't read them.
   * @throws AppError not_found (404), invalid_request (400), taken (409)
   */
  override async update(
    principal: Principal,
    id: string,
    values: Values<ActionCredential>,
  ): Promise<Wire<ActionCredential>> {
    return inTransaction(this.database.dataSource, async (manager) => {
      const where = { org_id: principal.orgId, id };
      const present = await manager.findOne(ActionCredential, { where, lock: { mode: 'pessimistic_write' } });
      if (!present) return this.notFound();
      const { secret, ...given } = Object.fromEntries(
        Object.entries(values).filter(([, value]) => value !== undefined),
      ) as Given;
      const isSentElsewhere = (['type', 'parameter', 'origin'] as const).some(
        (field) => given[field] !== undefined && given[field] !== present[field],
      );
      if (isSentElsewhere && secret === undefined) {
        throw invalidField('secret', 'secret is required to change type, parameter or origin');
      }
      assertValid({ ...present, ...given, ...(secret !== undefined ? { secret } : {}) } as Given);
      const sealed = secret !== undefined && { secret: this.#seal(principal.orgId, present.id, secret) };
      return super.update(principal, id, { ...given, ...sealed }, manager);
    });
  }

  /** @throws AppError not_found (404), invalid_request (400) if the credential isn't for the endpoint */
  async assertFor(manager: EntityManager, orgId: string, id: string, endpoint: string): Promise<void> {
    const credential = await manager.findOneBy(ActionCredential, { org_id: orgId, id });
    if (credential === null) return this.notFound();
    if (credential.origin === URL.parse(endpoint)?.origin) return;
    throw invalidField('credential_id', `credential_id names a credential that is only sent to ${credential.origin}`);
  }

  /** @returns the credential with its secret in clear text */
  async open(orgId: string, id: string): Promise<ActionCredential & { readonly secret: string }> {
    const where = { org_id: orgId, id };
    const select = { id: true, type: true, parameter: true, origin: true, secret: true } as const;
    const credential = await this.database.manager.findOneOrFail(ActionCredential, { where, select });
    const secret = this.secretBox.open(credential.secret as Buffer, purposeOf(orgId, id));
    return { ...credential, secret };
  }

  #seal(orgId: string, id: string, secret: string): Buffer {
    return this.secretBox.seal(secret, purposeOf(orgId, id));
  }
}

/** Bound to its row, so that the ciphertext can't be copied to another org's. */
function purposeOf(orgId: string, id: string) {
  return `action_credentials.secret ${orgId} ${id}` as const;
}

/** Checks the rules between fields. @throws AppError invalid_request (400) */
function assertValid({ type, parameter = null, secret }: Given): void {
  const isNamed = type === 'header' || type === 'query';
  if (isNamed && parameter === null) throw invalidField('parameter', `parameter is required for the type ${type}`);
  if (!isNamed && parameter !== null) throw invalidField('parameter', `parameter must be null for the type ${type}`);
  if (type === 'header' && !isSettableHeader(parameter!)) {
    throw invalidField('parameter', 'parameter is a header that cannot be set');
  }
  if (type === 'basic' && typeof secret === 'string' && !secret.includes(':')) {
    throw invalidField('secret', 'secret must be username:password for the type basic');
  }
}
