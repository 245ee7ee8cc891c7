import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { digestOf, maskCredential } from '../access/credential-format.js';
import type { Actor } from '../audit/actor.js';
import { Changes, type Recorder } from '../audit/changes.js';
import { CONFIG, type Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { isUuid, uuidV7 } from '../database/uuid-v7.js';
import { AppError } from '../errors/app-error.js';
import { SigningKeys } from '../signing-keys/signing-keys.service.js';
import { ApiKey } from './api-key.entity.js';
import { KeyCredential } from './key-credential.entity.js';
import { judgeKeySettings, type KeySettingsDto } from './key-settings.js';

/** Whose key it is. */
export type KeyOwner = { readonly orgId: string } | { readonly partnerId: string };

/** A key, and the one time that it is shown whole. */
export interface MintedKey {
  readonly key: ApiKey;
  readonly token: string;
}

/** Makes, lists and revokes keys. Only digests are stored. */
@Injectable()
export class ApiKeys {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly signingKeys: SigningKeys,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** A JWT key of an org, as its partner makes them [seed 001]. Full access unless `scopes` are given. */
  async createForOrg(actor: Actor, orgId: string, dto: KeySettingsDto): Promise<MintedKey> {
    const settings = judgeKeySettings(dto, 'org', this.config.limits);
    const token = await this.signingKeys.sign('org', orgId);
    return this.#create(actor, { orgId }, token, { name: dto.name ?? 'Default', ...settings });
  }

  /** A JWT key of a partner; only the operator makes them [seed 001]. */
  async createForPartner(actor: Actor, partnerId: string, name = 'Default'): Promise<MintedKey> {
    const token = await this.signingKeys.sign('partner', partnerId);
    return this.#create(actor, { partnerId }, token, { name });
  }

  /** Newest first. */
  list(owner: KeyOwner): Promise<ApiKey[]> {
    return this.database.dataSource.manager.find(ApiKey, { where: columnsOf(owner), order: { id: 'DESC' } });
  }

  /**
   * Permanent, and in force everywhere when it answers; doing it again does no harm.
   * @throws AppError not_found (404)
   */
  async revoke(actor: Actor, owner: KeyOwner, keyId: string): Promise<void> {
    if (!isUuid(keyId)) throw new AppError('not_found', { what: 'API key' });
    await this.changes.change(actor, async (manager, record) => {
      const where = { id: keyId, ...columnsOf(owner) };
      const key = await manager.findOne(ApiKey, { where, lock: { mode: 'pessimistic_write' } });
      if (!key) throw new AppError('not_found', { what: 'API key' });
      if (key.revoked_at !== null) return;
      const revokedAt = new Date();
      await manager.update(ApiKey, { id: keyId }, { revoked_at: revokedAt });
      recordKey(record, 'api_key.revoked', key, { revoked_at: { before: null, after: revokedAt.toISOString() } });
    });
  }

  async #create(actor: Actor, owner: KeyOwner, token: string, fields: Partial<ApiKey>): Promise<MintedKey> {
    return this.changes.change(actor, async (manager, record) => {
      const key = await this.#insert(manager, actor, owner, token, fields);
      recordKey(record, 'api_key.created', key);
      return { key, token };
    });
  }

  async #insert(
    manager: EntityManager,
    actor: Actor,
    owner: KeyOwner,
    token: string,
    fields: Partial<ApiKey>,
  ): Promise<ApiKey> {
    const key = manager.create(ApiKey, {
      id: uuidV7(),
      kind: 'bearer',
      ...fields,
      ...columnsOf(owner),
      masked_key: maskCredential(token),
      created_by_type: actor.type === 'api_key' ? 'user' : actor.type,
      created_by_id: actor.id,
      created_by_name: actor.name,
      // A program took it from the answer; only people have to confirm that they stored theirs.
      acknowledged_at: new Date(),
    });
    await manager.insert(ApiKey, key);
    await manager.insert(KeyCredential, { id: uuidV7(), key_id: key.id, digest: digestOf(token) });
    return key;
  }
}

function columnsOf(owner: KeyOwner): { org_id: string } | { partner_id: string } {
  return 'orgId' in owner ? { org_id: owner.orgId } : { partner_id: owner.partnerId };
}

function recordKey(record: Recorder, action: string, key: ApiKey, changes?: Parameters<Recorder>[0]['changes']): void {
  record({ action, orgId: key.org_id, target: { type: 'api_key', id: key.id, name: key.name }, changes });
}
