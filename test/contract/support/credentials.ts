import {
  digestOf,
  mintKeyPair,
  mintOpaqueKey,
  mintToken64Hex,
} from '../../../src/access/credentials/credential-format.js';
import type { PrincipalAudience } from '../../../src/access/scopes/audience.js';
import type { RoleName } from '../../../src/access/scopes/roles.js';
import { scopesOf } from '../../../src/access/scopes/scopes.js';
import { ApiKey } from '../../../src/tenancy/api-keys/api-key.entity.js';
import { ApiKeys } from '../../../src/tenancy/api-keys/api-keys.service.js';
import { OPERATOR } from '../../../src/kit/audit/actor.js';
import { Partners } from '../../../src/tenancy/partners/partners.service.js';
import { Session } from '../../../src/tenancy/sessions/session.entity.js';
import { SigningKeys } from '../../../src/tenancy/signing-keys/signing-keys.service.js';
import { columnsOf, type KeyOwner } from '../../../src/tenancy/api-keys/key-rows.js';
import { apply, declared } from '../../support/declared-services.js';
import { rolesOf } from '../../support/login-links.js';
import { changeBySql } from '../../support/sql-change.js';
import type { TestOrg, TestServer } from '../../support/start-app.js';
import { newAgent, newKeyPair, newOpaqueKey, storeKey } from '../../support/stored-keys.js';

export type Headers = Readonly<Record<string, string>>;
/** By description in failures. */
export type Credentials = Readonly<Record<string, Headers>>;

/** Every kind of credential, and its audience. */
export const KINDS = {
  'partner JWT': 'partner',
  'org key': 'org',
  'org JWT': 'org',
  'key + secret': 'agent',
  'event key': 'event',
  session: 'user',
  'operator key': 'operator',
  'service key': 'service',
} as const satisfies Record<string, PrincipalAudience>;
export type Kind = keyof typeof KINDS;
export type KeyKind = Exclude<Kind, 'session'>;

/** A route of the kind; otherwise every key of an org has `/whoami`. */
const OWN_ROUTES: Partial<Readonly<Record<Kind, string>>> = {
  session: '/session',
  'partner JWT': '/partner/v1/orgs',
  'operator key': '/operator/v1/services',
};
/** An address from which no test sends requests. */
const ELSEWHERE = ['203.0.113.7'];
const LONG_AGO = new Date('2020-01-01T00:00:00.000Z');

export const bearer = (token: string): Headers => ({ Authorization: `Bearer ${token}` });
export const cookie = (token: string): Headers => ({ Cookie: `gatehouse_session=${token}` });
export const pair = ({ key, secret }: { key: string; secret: string }): Headers => ({
  'X-API-Key': key,
  'X-API-Secret': secret,
});

interface Settings {
  readonly scopes?: string[] | null;
  readonly allowed_ips?: string[];
}

/** Creates credentials of every kind, in every state that the guards check. */
export class CredentialMaker {
  readonly #agents = new Map<string, Promise<string>>();
  #service: Promise<string> | undefined;

  private constructor(
    private readonly server: TestServer,
    readonly org: TestOrg,
    private readonly elsewhere: TestOrg,
  ) {}

  static async prepare(server: TestServer): Promise<CredentialMaker> {
    const elsewhere = await server.newPartner({ allowed_ips: ELSEWHERE });
    const org = await server.newOrg();
    // The first user of an org becomes Owner, so that later ones can have other roles.
    await server.newSession(org);
    return new CredentialMaker(server, org, { id: '', partner: elsewhere });
  }

  /** The agent that all key pairs of an org are bound to. */
  agentOf({ id }: TestOrg): Promise<string> {
    let agent = this.#agents.get(id);
    if (agent === undefined) this.#agents.set(id, (agent = newAgent(this.server, id)));
    return agent;
  }

  /** The path parameters that match a credential of this org. */
  async placesOf(org = this.org): Promise<Record<string, string>> {
    return { orgId: org.id, agent_id: await this.agentOf(org) };
  }

  /** A credential with all permissions of its audience. */
  async good(kind: Kind, org = this.org): Promise<Headers> {
    return (await this.#make(kind, org, { scopes: kind === 'key + secret' ? [...scopesOf('agent')] : null })).headers;
  }

  /** A credential with every scope of its audience but one. */
  async lacking(kind: 'org key' | 'org JWT' | 'key + secret', scope: string): Promise<Headers> {
    const scopes = scopesOf(KINDS[kind]).filter((each) => each !== scope);
    return (await this.#make(kind, this.org, { scopes })).headers;
  }

  /** A session of a member with that role. */
  async sessionOf(role: RoleName): Promise<Headers> {
    const roles = await rolesOf(this.server, this.org);
    return cookie(await this.server.newSession(this.org, `${role}@acmetours.example`, roles[role]));
  }

  /** A used credential of a rotated key, valid for another day. */
  async rotated(kind: KeyKind, org = this.org): Promise<Headers> {
    const scopes = kind === 'key + secret' ? [...scopesOf('agent')] : null;
    const { headers, id } = await this.#make(kind, org, { scopes });
    await this.#use(kind, headers);
    const sql = `update key_credentials set rotated_at = now(), retires_at = now() + interval '1 day' where key_id = $1`;
    await changeBySql(this.server, sql, [id]);
    return headers;
  }

  /** A typed key for the pages of one domain. */
  async forPages(domain: string): Promise<Headers> {
    const { key } = await newOpaqueKey(this.server, this.org.id, { type: 'client', allowed_origins: [domain] });
    return bearer(key);
  }

  /** Used credentials of a partner that was deactivated; keys of services and of the operator have none. */
  async orphaned(kinds: readonly Kind[]): Promise<Map<Kind, Headers>> {
    const org = await this.server.newOrg();
    const made = new Map<Kind, Headers>();
    for (const kind of kinds.filter((each) => each !== 'operator key' && each !== 'service key')) {
      const headers = await this.good(kind, org);
      await this.#use(kind, headers);
      made.set(kind, headers);
    }
    await this.server.app.get(Partners).update(OPERATOR, org.partner.id, { is_active: false });
    return made;
  }

  /** A key that is valid only from another address. Sessions have no such limit. */
  async fromElsewhere(kind: KeyKind): Promise<Headers> {
    if (kind === 'partner JWT') return (await this.#make(kind, this.elsewhere, {})).headers;
    return (await this.#make(kind, this.org, { allowed_ips: ELSEWHERE })).headers;
  }

  /** A credential that was used, then revoked. */
  async revoked(kind: Kind): Promise<Headers> {
    const { headers, id } = await this.#make(kind, this.org, {});
    await this.#use(kind, headers);
    if (kind === 'session') {
      await this.server.http.delete('/session').set(headers).set('X-Requested-With', 'gatehouse').expect(204);
    } else {
      await this.server.app.get(ApiKeys).revoke(OPERATOR, await this.#ownerOf(kind), id);
    }
    return headers;
  }

  async expired(kind: Kind): Promise<Credentials> {
    const { manager } = this.server.database.dataSource;
    const { headers, id } = await this.#make(kind, this.org, {});
    await manager.update<ApiKey | Session>(kind === 'session' ? Session : ApiKey, { id }, { expires_at: LONG_AGO });
    if (kind !== 'session') return { [`expired ${kind}`]: headers };
    const idle = await this.#make(kind, this.org, {});
    await manager.update(Session, { id: idle.id }, { last_seen_at: LONG_AGO });
    return { 'expired session': headers, 'idle session': idle.headers };
  }

  /** Well-formed credentials that were never issued. A JWT even has a valid signature. */
  async unknown(kind: Kind): Promise<Credentials> {
    const signed = async (audience: 'partner' | 'org', subject: string) =>
      bearer(await this.server.app.get(SigningKeys).sign(audience, subject));
    switch (kind) {
      case 'partner JWT':
        return { 'unknown partner JWT': await signed('partner', this.org.partner.id) };
      case 'org JWT':
        return { 'unknown org JWT': await signed('org', this.org.id) };
      case 'key + secret': {
        const { secret } = mintKeyPair('ocx');
        return {
          'unknown key + secret': pair(mintKeyPair('ocx')),
          'known key with an unknown secret': { ...(await this.good(kind)), 'X-API-Secret': secret },
        };
      }
      case 'session':
        return { 'unknown session': cookie(mintToken64Hex()) };
      default:
        return { [`unknown ${kind}`]: bearer(mintOpaqueKey('ocx', 'live')) };
    }
  }

  /** The service of all service keys. */
  #serviceId(): Promise<string> {
    return (this.#service ??= apply(this.server, declared()).then(({ row }) => row.id));
  }

  async #ownerOf(kind: KeyKind): Promise<KeyOwner> {
    if (kind === 'partner JWT') return { partnerId: this.org.partner.id };
    if (kind === 'operator key') return { isOperator: true };
    return kind === 'service key' ? { serviceId: await this.#serviceId() } : { orgId: this.org.id };
  }

  async #make(kind: Kind, org: TestOrg, settings: Settings): Promise<{ id: string; headers: Headers }> {
    const { server } = this;
    switch (kind) {
      case 'partner JWT': {
        const { key, token } = await server.app.get(ApiKeys).createForPartner(OPERATOR, org.partner.id);
        return { id: key.id, headers: bearer(token) };
      }
      case 'org JWT': {
        const { id, key } = await server.newOrgKey(org, settings);
        return { id, headers: bearer(key) };
      }
      case 'key + secret': {
        const made = await newKeyPair(server, org.id, { ...settings, agent_id: await this.agentOf(org) });
        return { id: made.id, headers: pair(made) };
      }
      case 'session': {
        const token = await server.newSession(org);
        const row = await server.database.dataSource.manager.findOneByOrFail(Session, { digest: digestOf(token) });
        return { id: row.id, headers: cookie(token) };
      }
      case 'operator key':
      case 'service key': {
        const key = mintOpaqueKey('ocx', 'live');
        const owner = columnsOf(await this.#ownerOf(kind));
        return {
          id: await storeKey(server, { org_id: null, ...settings, ...owner }, { token: key }),
          headers: bearer(key),
        };
      }
      default: {
        const type = kind === 'event key' ? 'telephony' : 'standard';
        const { id, key } = await newOpaqueKey(server, org.id, { ...settings, type });
        return { id, headers: bearer(key) };
      }
    }
  }

  /** Puts the credential into the cache. */
  async #use(kind: Kind, headers: Headers): Promise<void> {
    const { http } = this.server;
    if (kind === 'service key')
      await http.post('/oauth2/introspect').set(headers).type('form').send('token=x').expect(200);
    else
      await http
        .get(OWN_ROUTES[kind] ?? '/whoami')
        .set(headers)
        .expect(200);
  }
}
