import { mintKeyPair } from '../../../src/access/credentials/credential-format.js';
import { hashSecret } from '../../../src/access/credentials/secret-verifier.js';
import { waitUntilInForce } from '../../../src/access/freshness/in-force.js';
import { uuidV7 } from '../../../src/core/database/uuid-v7.js';
import { Agent } from '../../../src/tenancy/agents/agent.entity.js';
import { ApiKey } from '../../../src/tenancy/api-keys/api-key.entity.js';
import { KeyCredential } from '../../../src/tenancy/api-keys/key-credential.entity.js';
import type { TestServer } from '../../support/start-app.js';
import { type Credential, credentialColumns, keyColumns, type KeyState, newCredential } from './twin-keys.js';
import { storeOrgsOfOneWay } from './twin-keys.js';

/** Postgres takes 65,535 parameters. */
const ROWS_PER_INSERT = 1_000;

/** A stored key that a check and a request are about. */
export interface CheckedKey {
  readonly state: KeyState;
  readonly id: string;
  readonly credentialId: string;
  readonly credential: Credential;
}

/** @param scopesOf the scopes of a state that has no full access */
export async function storeCheckedKeys(
  server: TestServer,
  states: readonly KeyState[],
  scopesOf: (state: KeyState) => string[],
): Promise<CheckedKey[]> {
  const orgIds = await storeOrgsOfOneWay(server);
  const { secret } = mintKeyPair('ocx');
  const secretHash = await hashSecret(secret);
  const agents: Partial<Agent>[] = [];
  const keys: Partial<ApiKey>[] = [];
  const stored: Partial<KeyCredential>[] = [];
  const checked: CheckedKey[] = [];
  for (const state of states) {
    const org_id = orgIds[state.org]!;
    const credential = await newCredential(server, state.kind, org_id, secret);
    const [id, credentialId] = [uuidV7(), uuidV7()];
    if (credential.agentId !== undefined) agents.push({ id: credential.agentId, org_id, name: 'Checked' });
    const scopes = state.access === 'full' ? null : scopesOf(state);
    keys.push({ id, org_id, ...keyColumns(state, credential), scopes });
    stored.push({ id: credentialId, key_id: id, ...credentialColumns(state, credential, secretHash) });
    checked.push({ state, id, credentialId, credential });
  }
  const { manager } = server.database.dataSource;
  for (let from = 0; from < states.length; from += ROWS_PER_INSERT) {
    const part = <T>(rows: readonly T[]) => rows.slice(from, from + ROWS_PER_INSERT);
    if (from < agents.length) await manager.insert(Agent, part(agents));
    await manager.insert(ApiKey, part(keys));
    await manager.insert(KeyCredential, part(stored));
  }
  await waitUntilInForce(server.database.query);
  return checked;
}
