import supertest from 'supertest';
import type { ApiKey } from '../../src/tenancy/api-keys/api-key.entity.js';
import type { AgentScope } from '../../src/access/scopes/scope-catalogue.js';
import { scopesOf } from '../../src/access/scopes/scopes.js';
import { documented } from './documented-client.js';
import type { TestOrg, TestServer } from './start-app.js';
import { newAgent, newKeyPair } from './stored-keys.js';

export type AgentClient = ReturnType<typeof supertest.agent>;

/** An agent, and a client with a key and secret of the agent. */
export interface TestAgent {
  readonly id: string;
  readonly orgId: string;
  /** Asserts that each response matches the API document. */
  readonly client: AgentClient;
  readonly headers: Readonly<Record<string, string>>;
}

/** @param scopes every scope by default */
export async function newAgentKey(
  server: TestServer,
  org: TestOrg,
  { scopes = [...scopesOf('agent')], agentId }: { scopes?: readonly AgentScope[]; agentId?: string } = {},
): Promise<TestAgent> {
  const id = agentId ?? (await newAgent(server, org.id));
  const settings: Partial<ApiKey> = { agent_id: id, scopes: [...scopes] };
  const { key, secret } = await newKeyPair(server, org.id, settings);
  const headers = { 'X-API-Key': key, 'X-API-Secret': secret };
  return { id, orgId: org.id, headers, client: documented(supertest.agent(server.url).set(headers)) };
}
