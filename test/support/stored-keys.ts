import {
  digestOf,
  maskCredential,
  mintKeyPair,
  mintOpaqueKey,
} from '../../src/access/credentials/credential-format.js';
import { waitUntilInForce } from '../../src/access/freshness/in-force.js';
import { hashSecret } from '../../src/access/credentials/secret-verifier.js';
import { Agent } from '../../src/tenancy/agents/agent.entity.js';
import { ApiKey } from '../../src/tenancy/api-keys/api-key.entity.js';
import { KeyCredential } from '../../src/tenancy/api-keys/key-credential.entity.js';
import { uuidV7 } from '../../src/core/database/uuid-v7.js';
import type { TestServer } from './start-app.js';

interface Stored {
  /** The token, or the public half of a key with a secret. */
  readonly token: string;
  readonly secretHash?: string;
}

/** Inserts a key directly, for settings and tokens that the API does not create. */
export async function storeKey(
  server: TestServer,
  settings: Partial<ApiKey> & Pick<ApiKey, 'org_id'> & { readonly retires_at?: Date },
  { token, secretHash }: Stored,
): Promise<string> {
  const { manager } = server.database.dataSource;
  const id = uuidV7();
  const { retires_at, ...columns } = settings;
  await manager.insert(ApiKey, {
    id,
    kind: secretHash ? 'key_secret' : 'bearer',
    name: 'Stored by a test',
    masked_key: maskCredential(token),
    public_key: secretHash ? token : null,
    created_by_type: 'operator',
    created_by_name: 'test',
    ...columns,
  });
  const credential = { id: uuidV7(), key_id: id, digest: digestOf(token), secret_hash: secretHash ?? null, retires_at };
  await manager.insert(KeyCredential, credential);
  await waitUntilInForce((text, values) => server.database.pool.query(text, values as unknown[]));
  return id;
}

/** Creates an opaque key of an org: `standard`, or of the type in `settings`. */
export async function newOpaqueKey(server: TestServer, orgId: string, settings: Partial<ApiKey> = {}) {
  const key = mintOpaqueKey('ocx', 'live');
  return { id: await storeKey(server, { org_id: orgId, ...settings }, { token: key }), key };
}

/** Creates an agent of an org; returns its id. */
export async function newAgent(server: TestServer, orgId: string): Promise<string> {
  const id = uuidV7();
  await server.database.dataSource.manager.insert(Agent, { id, org_id: orgId, name: 'Receptionist' });
  return id;
}

/** Creates a key with a secret for an agent of an org. */
export async function newKeyPair(server: TestServer, orgId: string, settings: Partial<ApiKey> = {}) {
  const { key, secret } = mintKeyPair('ocx');
  const columns = { org_id: orgId, agent_id: await newAgent(server, orgId), scopes: ['contacts:read'], ...settings };
  const id = await storeKey(server, columns, { token: key, secretHash: await hashSecret(secret) });
  return { id, key, secret };
}
