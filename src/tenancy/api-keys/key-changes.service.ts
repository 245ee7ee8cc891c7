import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../kit/audit/actor.js';
import { Changes } from '../../kit/audit/changes.js';
import { changesOf } from '../../kit/audit/changes-of.js';
import { CONFIG, type Config } from '../../core/config/config.js';
import { Database } from '../../core/database/database.js';
import type { IfMatch } from '../../core/http/if-match.js';
import { constraintRefusal } from '../../core/errors/constraint-refusal.js';
import { notFound } from '../../core/errors/core-errors.js';
import type { MintedKey } from './api-keys.service.js';
import { ApiKey } from './api-key.entity.js';
import { audienceOf, validateKeyChange } from './validate-key.js';
import { KeyPolicies } from '../key-policies/key-policies.service.js';
import { KeyMint } from './key-mint.js';
import { GrantableScopes } from '../services/grantable-scopes.js';
import { assertNotEnded, insertCredential, lockKeyOrThrow, recordKey, shownOf, UNIQUE_KEY } from './key-rows.js';
import type { UpdateApiKeyDto } from './key-settings.dto.js';
import { type Overlap, recordEnd, retireCredentials } from './replaced-credentials.js';

/** Changes of an org's keys by its members. Once a method returns, the change holds in every process. */
@Injectable()
export class KeyChanges {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly mint: KeyMint,
    private readonly scopes: GrantableScopes,
    private readonly policies: KeyPolicies,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * @param ifMatch the revisions that the change is meant for; undefined: any
   * @throws AppError not_found (404), precondition_failed (412), invalid_request (400), key_inactive, taken (409)
   */
  async update(actor: Actor, orgId: string, keyId: string, dto: UpdateApiKeyDto, ifMatch?: IfMatch): Promise<void> {
    await this.changes.change(actor, async (manager, record) => {
      const key = await lockKeyOrThrow(manager, { orgId }, keyId);
      ifMatch?.assertMatches(key.revision);
      const rules = { limits: this.config.limits, catalogue: await this.scopes.entries(manager) };
      const wanted = validateKeyChange(key, dto, rules);
      assertNotEnded(key);
      const changes = changesOf(key, wanted);
      if (Object.keys(changes).length === 0) return;
      if (wanted.scopes) await this.scopes.hold(manager, audienceOf(key), wanted.scopes);
      await (await this.policies.hold(manager, orgId)).assertChange(key, wanted);
      await updateKey(manager, keyId, wanted);
      recordKey(record, 'api_key.updated', key, changes);
    });
  }

  /** Records that a member stored the key (S4). Idempotent. @throws AppError not_found (404) */
  async acknowledge(actor: Actor, orgId: string, keyId: string): Promise<void> {
    await this.changes.change(actor, async (manager, record) => {
      const key = await lockKeyOrThrow(manager, { orgId }, keyId);
      if (key.acknowledged_at !== null) return;
      const acknowledgedAt = new Date();
      await manager.update(ApiKey, { id: keyId }, { acknowledged_at: acknowledgedAt });
      recordKey(record, 'api_key.acknowledged', key, {
        acknowledged_at: { before: null, after: acknowledgedAt.toISOString() },
      });
    });
  }

  /**
   * Creates a new credential of the key, in the same form. The old one works until the grace period ends; both count as
   * one key in lists, limits and usage. Credentials rotated out earlier keep their end if it is earlier. A suspended key
   * stays suspended.
   * @throws AppError not_found (404), key_inactive (409), verification_busy (503)
   */
  async rotate(actor: Actor, orgId: string, keyId: string, overlap: Overlap): Promise<MintedKey> {
    const minted = await this.mint.another(orgId, await this.#findOrThrow(orgId, keyId));
    return this.changes.change(actor, async (manager, record) => {
      const key = await lockKeyOrThrow(manager, { orgId }, keyId);
      assertNotEnded(key);
      await (await this.policies.hold(manager, orgId)).assertIssuable(key);
      const { retiresAt, ended } = await retireCredentials(manager, keyId, overlap);
      await insertCredential(manager, keyId, minted, retiresAt === null ? overlap.grace_seconds : null);
      const shown = shownOf(minted);
      // Partners and the CLI store keys themselves; only members confirm that they did.
      const acknowledged_at = actor.type === 'user' ? null : new Date();
      await manager.update(ApiKey, { id: keyId }, { ...shown, acknowledged_at });
      recordKey(record, 'api_key.rotated', key, {
        masked_key: { before: key.masked_key, after: shown.masked_key },
        ...(retiresAt === null
          ? { grace_seconds_from_first_use: { before: null, after: overlap.grace_seconds } }
          : { retires_at: { before: null, after: retiresAt.toISOString() } }),
      });
      for (const credentialId of ended) recordEnd(record, key, credentialId);
      return { key, ...minted };
    });
  }

  async #findOrThrow(orgId: string, keyId: string): Promise<ApiKey> {
    const key = await this.database.manager.findOneBy(ApiKey, { id: keyId, org_id: orgId });
    if (!key) throw notFound('API key');
    // Checked early to save the hash; the check under the lock decides.
    assertNotEnded(key);
    return key;
  }
}

async function updateKey(manager: EntityManager, id: string, columns: Partial<ApiKey>): Promise<void> {
  try {
    await manager.update(ApiKey, { id }, columns);
  } catch (error) {
    throw constraintRefusal(error, { label: 'API key', unique: UNIQUE_KEY });
  }
}
