import { digestOf, mintKeyPair, mintOpaqueKey } from '../../../src/access/credentials/credential-format.js';
import { hashSecret } from '../../../src/access/credentials/secret-verifier.js';
import { waitUntilInForce } from '../../../src/access/freshness/in-force.js';
import { uuidV7 } from '../../../src/core/database/uuid-v7.js';
import { Agent } from '../../../src/tenancy/agents/agent.entity.js';
import { ApiKey, type KeyType } from '../../../src/tenancy/api-keys/api-key.entity.js';
import { KeyCredential } from '../../../src/tenancy/api-keys/key-credential.entity.js';
import { Org } from '../../../src/tenancy/orgs/org.entity.js';
import { Partner } from '../../../src/tenancy/partners/partner.entity.js';
import { SigningKeys } from '../../../src/tenancy/signing-keys/signing-keys.service.js';
import type { TestServer } from '../../support/start-app.js';
import type { SeededRandom } from './seeded-random.js';

export const WAYS = ['native', 'forward-auth', 'verify', 'introspection'] as const;
export type Way = (typeof WAYS)[number];

/** When the service of a state came into being: full access from before does not reach `later`. */
export const SERVICES = ['earlier', 'later', 'later-for-all'] as const;
export type ServiceAge = (typeof SERVICES)[number];

export const KINDS = ['opaque', 'jwt', 'pair', 'typed'] as const;
export type Kind = (typeof KINDS)[number];

const TYPES: readonly KeyType[] = ['client', 'openconnect', 'queue_adapter', 'telephony'];
const [PAST, FUTURE] = [new Date('2026-01-01T00:00:00.000Z'), new Date('2100-01-01T00:00:00.000Z')];

/** An org with its own partner, which all ways have one of, because the keys of an org share windows. */
interface OrgState {
  readonly partner: 'active' | 'inactive' | 'none';
  readonly isArchived: boolean;
  readonly isSuspended: boolean;
}

const ORGS: readonly OrgState[] = [
  ...Array.from({ length: 7 }, (): OrgState => ({ partner: 'active', isArchived: false, isSuspended: false })),
  { partner: 'none', isArchived: false, isSuspended: false },
  { partner: 'inactive', isArchived: false, isSuspended: false },
  { partner: 'active', isArchived: true, isSuspended: false },
  { partner: 'active', isArchived: false, isSuspended: true },
];

/** What four keys have in common. */
export interface KeyState {
  readonly kind: Kind;
  /** The index of its org; states of one org are asked about in turn. */
  readonly org: number;
  readonly service: ServiceAge;
  readonly access: 'full' | readonly ('read' | 'write')[];
  readonly settings: Partial<ApiKey>;
  readonly rotation: 'none' | 'grace' | 'over';
}

/** What a caller presents. */
export interface Credential {
  readonly token: string;
  /** Of a key with a secret. */
  readonly secret?: string;
  readonly agentId?: string;
}

export interface TwinKeys {
  readonly state: KeyState;
  readonly credentials: Readonly<Record<Way, Credential>>;
}

export function randomState(random: SeededRandom): KeyState {
  const kind = random.of(KINDS);
  const access = random.of(['full', ['read'], ['write'], ['read', 'write'], []] as const);
  const settings: Partial<ApiKey> = {
    kind: kind === 'pair' ? 'key_secret' : 'bearer',
    type: kind === 'typed' ? random.of(TYPES) : 'standard',
    revoked_at: random.isTrue(0.1) ? PAST : null,
    ...(random.isTrue(0.1) && { suspended_at: PAST, suspension_reason: 'requested' }),
    expires_at: random.of([null, null, null, FUTURE, random.isTrue(0.5) ? PAST : FUTURE]),
    allowed_ips: random.of([[], [], ['198.51.100.0/24'], ['203.0.113.9', '2001:db8::/32']]),
    allowed_origins: random.of([[], [], ['app.example.com'], ['*.example.com']]),
    rate_per_minute: random.isTrue(0.25) ? random.integer(1, 30) : null,
    rate_per_hour: random.isTrue(0.25) ? random.integer(1, 30) : null,
  };
  const rotation = random.of(['none', 'none', 'none', 'grace', 'over'] as const);
  return { kind, org: random.integer(0, ORGS.length - 1), service: random.of(SERVICES), access, settings, rotation };
}

/** Names of scopes: of the service of a state, or of the native routes that stand for it. */
export interface ScopeNames {
  of(state: KeyState, way: Way, action: 'read' | 'write'): string;
}

export function keyColumns({ settings }: KeyState, credential: Credential): Partial<ApiKey> {
  return {
    name: 'Twin',
    masked_key: '…',
    created_by_type: 'operator',
    created_by_name: 'test',
    agent_id: credential.agentId ?? null,
    public_key: credential.secret === undefined ? null : credential.token,
    ...settings,
  };
}

export function credentialColumns(
  { rotation }: KeyState,
  { token, secret }: Credential,
  secretHash: string,
): Partial<KeyCredential> {
  return {
    digest: digestOf(token),
    secret_hash: secret === undefined ? null : secretHash,
    rotated_at: rotation === 'none' ? null : PAST,
    retires_at: { none: null, grace: FUTURE, over: PAST }[rotation],
  };
}

/** Stores four keys for each state, with a few statements. */
export async function storeTwins(
  server: TestServer,
  states: readonly KeyState[],
  names: ScopeNames,
): Promise<TwinKeys[]> {
  const orgIds = await storeOrgs(server);
  const { manager } = server.database.dataSource;
  const secret = mintKeyPair('ocx').secret;
  const secretHash = await hashSecret(secret);
  const agents: Partial<Agent>[] = [];
  const keys: Partial<ApiKey>[] = [];
  const stored: Partial<KeyCredential>[] = [];
  const twins: TwinKeys[] = [];
  for (const state of states) {
    const credentials: Partial<Record<Way, Credential>> = {};
    for (const way of WAYS) {
      const orgId = orgIds[way][state.org]!;
      const credential = await newCredential(server, state.kind, orgId, secret);
      const id = uuidV7();
      if (credential.agentId !== undefined) agents.push({ id: credential.agentId, org_id: orgId, name: 'Twin' });
      keys.push({ id, org_id: orgId, ...keyColumns(state, credential), scopes: scopesOf(state, way, names) });
      stored.push({ id: uuidV7(), key_id: id, ...credentialColumns(state, credential, secretHash) });
      credentials[way] = credential;
    }
    twins.push({ state, credentials: credentials as Record<Way, Credential> });
  }
  await manager.insert(Agent, agents);
  await manager.insert(ApiKey, keys);
  await manager.insert(KeyCredential, stored);
  await waitUntilInForce(server.database.query);
  return twins;
}

async function storeOrgs(server: TestServer): Promise<Record<Way, string[]>> {
  const ids: Partial<Record<Way, string[]>> = {};
  for (const way of WAYS) ids[way] = await storeOrgsOfOneWay(server);
  return ids as Record<Way, string[]>;
}

/** Made by the API, which begins the audit chain of each. */
export async function storeOrgsOfOneWay(server: TestServer): Promise<string[]> {
  const ids: string[] = [];
  const { manager } = server.database.dataSource;
  for (const { partner, isArchived, isSuspended } of ORGS) {
    const org = await server.newOrg();
    ids.push(org.id);
    if (partner === 'inactive') await manager.update(Partner, org.partner.id, { is_active: false });
    if (partner === 'none') await manager.update(Org, org.id, { partner_id: null });
    if (isSuspended) await manager.update(Org, org.id, { suspended_at: PAST, suspended_by: 'operator' });
    if (isArchived) await manager.update(Org, org.id, { archived_at: PAST });
  }
  return ids;
}

export async function newCredential(
  server: TestServer,
  kind: Kind,
  orgId: string,
  secret: string,
): Promise<Credential> {
  if (kind === 'pair') return { token: mintKeyPair('ocx').key, secret, agentId: uuidV7() };
  if (kind === 'jwt') return { token: await server.app.get(SigningKeys).sign('org', orgId) };
  return { token: mintOpaqueKey('ocx', 'live') };
}

/** A native route has no service that full access does not reach: its twin has no scopes instead. */
function scopesOf(state: KeyState, way: Way, names: ScopeNames): string[] | null {
  const { access, service } = state;
  if (access !== 'full') return access.map((action) => names.of(state, way, action));
  return way === 'native' && service === 'later' ? [] : null;
}
