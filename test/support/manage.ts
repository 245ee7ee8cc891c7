import { randomUUID } from 'node:crypto';
import type { RoleName } from '../../src/access/scopes/roles.js';
import type { ManagedKey, NewManagedKey } from '../../src/tenancy/api-keys/key-view.dto.js';
import { rolesOf } from './login-links.js';
import type { TestOrg, TestServer } from './start-app.js';

export type Signed = ReturnType<TestServer['signedIn']>;

/** Signs in a new member with that role. */
export async function signedInAs(server: TestServer, org: TestOrg, role: RoleName): Promise<Signed> {
  const roles = await rolesOf(server, org);
  return server.signedIn(await server.newSession(org, `${randomUUID()}@acmetours.example`, roles[role]));
}

/** Creates a key through the management API, with contacts:read by default. */
export async function createKey(admin: Signed, settings: object = {}): Promise<NewManagedKey> {
  const isAnything = 'type' in settings || 'access' in settings;
  const body = { name: 'Production', ...(isAnything ? {} : { scopes: ['contacts:read'] }), ...settings };
  return (await admin.post('/manage/v1/api-keys').send(body).expect(201)).body as NewManagedKey;
}

export async function createAgent(admin: Signed, settings: object = {}): Promise<string> {
  const body = { name: 'Receptionist', ...settings };
  return ((await admin.post('/manage/v1/agents').send(body).expect(201)).body as { id: string }).id;
}

export async function readKey(signed: Signed, id: string): Promise<ManagedKey> {
  return (await signed.get(`/manage/v1/api-keys/${id}`).expect(200)).body as ManagedKey;
}

/** The headers of a key with a secret. */
export function pairHeaders({ api_key, api_secret }: NewManagedKey): Record<string, string> {
  return { 'X-API-Key': api_key, 'X-API-Secret': api_secret! };
}
