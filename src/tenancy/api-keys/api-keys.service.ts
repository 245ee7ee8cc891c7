import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type EntityManager, IsNull } from 'typeorm';
import { type AgentDeletionHook, Agents } from '../agents/agents.service.js';
import type { Actor } from '../../kit/audit/actor.js';
import { Changes } from '../../kit/audit/changes.js';
import { givenFields } from '../../kit/audit/changes-of.js';
import { CONFIG, type Config } from '../../core/config/config.js';
import { Database } from '../../core/database/database.js';
import { uuidV7 } from '../../core/database/uuid-v7.js';
import { coreErrors } from '../../core/errors/core-errors.js';
import { constraintRefusal } from '../../core/errors/constraint-refusal.js';
import type { HeldPolicies } from '../key-policies/held-policies.js';
import { KeyPolicies } from '../key-policies/key-policies.service.js';
import { lockOrgForCount } from '../orgs/orgs.service.js';
import { ApiKey } from './api-key.entity.js';
import { GrantableScopes } from '../services/grantable-scopes.js';
import { audienceOf, validateNewKey, validatePartnerKey } from './validate-key.js';
import { LABEL_FILTERS } from './key-labels.js';
import type { LabelQuery } from './key-labels.dto.js';
import { KeyMint, type MintedCredential } from './key-mint.js';
import type { CreateApiKeyDto, CreatePartnerKeyDto } from './key-settings.dto.js';
import {
  columnsOf,
  insertCredential,
  UNIQUE_KEY,
  type KeyChangeRecord,
  type KeyOwner,
  lockKeyOrThrow,
  recordKey,
  revokeKeys,
  shownOf,
} from './key-rows.js';
import type { KeyRules } from './key-settings.js';

const ACTIVE_KEYS = `
  SELECT count(*)::int AS count FROM api_keys
  WHERE org_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`;

/** A new key with its credential, which is shown once. */
export interface MintedKey extends MintedCredential {
  readonly key: ApiKey;
}

/** Creates, lists and revokes keys. Stores digests only. */
@Injectable()
export class ApiKeys implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly mint: KeyMint,
    private readonly agents: Agents,
    private readonly scopes: GrantableScopes,
    private readonly policies: KeyPolicies,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.agents.beforeDeletion(revokeBound);
  }

  /**
   * Creates a key of an org for its partner: a JWT with full access by default (S1).
   * @throws AppError invalid_request (400), not_found (404) for the agent, taken, limit_reached (409), verification_busy (503)
   */
  async createForOrg(actor: Actor, orgId: string, dto: CreatePartnerKeyDto): Promise<MintedKey> {
    const settings = validatePartnerKey(dto, await this.#rules());
    return this.#create(actor, { orgId }, await this.mint.another(orgId, settings), acknowledged(settings));
  }

  /** Creates a JWT key of a partner, for the operator (S1). */
  async createForPartner(actor: Actor, partnerId: string, name = 'Default'): Promise<MintedKey> {
    return this.#create(
      actor,
      { partnerId },
      await this.mint.jwt('partner', partnerId),
      acknowledged({ name, format: 'jwt' }),
    );
  }

  /** Creates a key that a service opens its doors with. @throws AppError not_found (404) for the service */
  createForService(actor: Actor, serviceId: string, name = 'Default'): Promise<MintedKey> {
    return this.#create(actor, { serviceId }, this.mint.opaque(), acknowledged({ name }));
  }

  /** Creates a key for the operator API. */
  createForOperator(actor: Actor, name = 'Default'): Promise<MintedKey> {
    return this.#create(actor, { isOperator: true }, this.mint.opaque(), acknowledged({ name }));
  }

  /**
   * Creates a key for members: opaque, or with a secret.
   * @throws AppError invalid_request (400), not_found (404) for the agent, limit_reached (409), verification_busy (503)
   */
  async createByMember(actor: Actor, orgId: string, dto: CreateApiKeyDto): Promise<MintedKey> {
    const settings = validateNewKey(dto, await this.#rules());
    const minted = settings.kind === 'key_secret' ? await this.mint.pair(orgId) : this.mint.opaque();
    return this.#create(actor, { orgId }, minted, settings);
  }

  /** Newest first. */
  list(owner: KeyOwner, labels: LabelQuery = {}): Promise<ApiKey[]> {
    const keys = this.database.manager.createQueryBuilder(ApiKey, 'key').where(columnsOf(owner));
    for (const [name, value] of Object.entries(labels) as [keyof LabelQuery, string | undefined][]) {
      if (value !== undefined) keys.andWhere(LABEL_FILTERS[name].condition(`:${name}`), { [name]: value });
    }
    return keys.orderBy('id', 'DESC').getMany();
  }

  /**
   * Revokes a key for good. Once it returns, every process refuses the key. Idempotent.
   * @throws AppError not_found (404)
   */
  async revoke(actor: Actor, owner: KeyOwner, keyId: string): Promise<void> {
    await this.changes.change(actor, async (manager, record) => {
      const key = await lockKeyOrThrow(manager, owner, keyId);
      if (key.revoked_at === null) await revokeKeys(manager, record, [key], {});
    });
  }

  async #rules(): Promise<KeyRules> {
    return { limits: this.config.limits, catalogue: await this.scopes.entries() };
  }

  /** @param manager whose transaction has locked the org, so that concurrent calls can't exceed the limit */
  async #assertRoom(manager: EntityManager, orgId: string, policies: HeldPolicies): Promise<void> {
    const max = this.config.totals.activeKeysPerOrg;
    const count = await activeKeysOf(manager, orgId);
    if (count >= max) throw coreErrors.limit_reached({ max: max, what: 'active API keys' });
    policies.assertRoom(count);
  }

  /** The fields of a new key of an org, as its policies want them. */
  async #admitted(manager: EntityManager, orgId: string, fields: Partial<ApiKey>): Promise<Partial<ApiKey>> {
    await lockOrgForCount(manager, orgId);
    const policies = await this.policies.hold(manager, orgId);
    await this.#assertRoom(manager, orgId, policies);
    const settings = policies.withDefaults(fields);
    await policies.assertIssuable(settings);
    return settings;
  }

  async #create(actor: Actor, owner: KeyOwner, minted: MintedCredential, fields: Partial<ApiKey>): Promise<MintedKey> {
    try {
      return await this.changes.change(actor, async (manager, record) => {
        const settings = 'orgId' in owner ? await this.#admitted(manager, owner.orgId, fields) : fields;
        if (settings.scopes) await this.scopes.hold(manager, audienceOf(settings), settings.scopes);
        const key = await insertKey(manager, actor, owner, minted, settings);
        recordKey(record, 'api_key.created', key, grantsOf(key));
        return { key, ...minted };
      });
    } catch (error) {
      throw constraintRefusal(error, {
        label: 'API key',
        references: { api_keys_agent_fk: 'Agent', api_keys_service_fk: 'Service' },
        unique: UNIQUE_KEY,
      });
    }
  }
}

/** Partners and the CLI store keys themselves; only members confirm that they did. */
function acknowledged(fields: Partial<ApiKey>): Partial<ApiKey> {
  return { ...fields, acknowledged_at: new Date() };
}

async function insertKey(
  manager: EntityManager,
  actor: Actor,
  owner: KeyOwner,
  minted: MintedCredential,
  fields: Partial<ApiKey>,
): Promise<ApiKey> {
  const key = manager.create(ApiKey, {
    id: uuidV7(),
    kind: 'bearer',
    ...fields,
    ...columnsOf(owner),
    ...shownOf(minted),
    ...creatorOf(actor),
  });
  await manager.insert(ApiKey, key);
  await insertCredential(manager, key.id, minted);
  return key;
}

/** The columns of a new key that say who created it. */
export function creatorOf({ type, id, name }: Actor) {
  const created_by_type = type === 'partner' || type === 'operator' ? type : 'user';
  return { created_by_type, created_by_id: id, created_by_name: name } as const;
}

/** How many keys count towards the org's limit. */
export async function activeKeysOf(manager: EntityManager, orgId: string): Promise<number> {
  const [{ count }] = (await manager.query(ACTIVE_KEYS, [orgId])) as [{ count: number }];
  return count;
}

/** The access of a new key, for the audit. */
export function grantsOf(key: ApiKey): KeyChangeRecord {
  const { kind, type, scopes, agent_id, allowed_ips, allowed_origins, rate_per_minute, rate_per_hour, expires_at } =
    key;
  const { tags, external_id, metadata = {} } = key;
  return givenFields({
    kind,
    type,
    ...(type === 'standard' && { access: scopes == null ? 'full' : 'scoped' }),
    ...{ scopes, agent_id, allowed_ips, allowed_origins, rate_per_minute, rate_per_hour, expires_at },
    ...{ metadata: Object.keys(metadata).length > 0 ? metadata : null, tags, external_id },
  });
}

/** A concurrent creation waits for the agent's lock, and then fails. */
const revokeBound: AgentDeletionHook = async (manager, record, { id, org_id }) => {
  const bound = { org_id, agent_id: id };
  const lock = { mode: 'pessimistic_write' } as const;
  const live = await manager.find(ApiKey, { where: { ...bound, revoked_at: IsNull() }, order: { id: 'ASC' }, lock });
  await revokeKeys(manager, record, live, { agent_id: { before: id, after: null } });
  await manager.update(ApiKey, bound, { agent_id: null });
};
