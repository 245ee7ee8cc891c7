import { bearer, type CredentialMaker, type Headers, pair } from '../../contract/support/credentials.js';
import { changeBySql } from '../../support/sql-change.js';
import type { TestServer } from '../../support/start-app.js';
import { newKeyPair, newOpaqueKey } from '../../support/stored-keys.js';

/** The kinds of key that reach services. */
export const KINDS = ['org key', 'org JWT', 'key + secret'] as const;
export type ServiceKind = (typeof KINDS)[number];

/** A new key of the maker's org. @param perMinute its limit; by default one that no test reaches */
export async function newKey(
  server: TestServer,
  maker: CredentialMaker,
  kind: ServiceKind,
  scopes: string[],
  perMinute?: number,
): Promise<Headers> {
  if (kind === 'org JWT') {
    const limit = perMinute === undefined ? {} : { rate_limit: { per_minute: perMinute } };
    const { id, key } = await server.newOrgKey(maker.org, { scopes: ['contacts:read'], ...limit });
    await changeBySql(server, 'update api_keys set scopes = $2 where id = $1', [id, scopes]);
    return bearer(key);
  }
  const settings = { scopes, rate_per_minute: perMinute ?? null };
  if (kind === 'org key') return bearer((await newOpaqueKey(server, maker.org.id, settings)).key);
  return pair(await newKeyPair(server, maker.org.id, { ...settings, agent_id: await maker.agentOf(maker.org) }));
}

export async function ofEachKind(make: (kind: ServiceKind) => Promise<Headers>): Promise<Record<string, Headers>> {
  const made: Record<string, Headers> = {};
  for (const kind of KINDS) made[kind] = await make(kind);
  return made;
}
