import { OPERATOR } from '../../src/kit/audit/actor.js';
import { ApiKeys } from '../../src/tenancy/api-keys/api-keys.service.js';
import type { KeyOwner } from '../../src/tenancy/api-keys/key-rows.js';
import type { Answer, Ask, HttpClient } from './http-client.js';
import type { Installation } from './installation.js';
import type { openServices } from './open-services.js';
import type { ServerProcess } from './server-process.js';
import { until } from './until.js';

type Headers = Readonly<Record<string, string>>;

/** A live credential, and a way in which a server is asked to accept it. */
export interface Credential {
  readonly what: string;
  /** The headers of a request that presents it. Undefined: a service asks about it. */
  readonly headers?: Headers;
  /** The status of the answer; 401 also if the answer to a service says that the credential is invalid. */
  present(server: ServerProcess): Promise<number>;
  /** Ends it by a call that is repeated until it is answered. */
  end(server: ServerProcess): Promise<void>;
}

/** Of the security schemes in the API document, by name. */
export type CredentialHeaders = Readonly<Record<string, Headers>>;

interface NewKey {
  readonly id: string;
  readonly api_key: string;
  readonly api_secret?: string;
}

const SERVICE = '/operator/v1/services/billing';
const DECLARATION = {
  service: 'billing',
  label: 'Billing',
  resources: { invoices: { label: 'Invoices', actions: ['read'] } },
  routes: ['GET /invoices invoices:read'],
};
const PROXIED = { 'X-Original-Method': 'GET', 'X-Original-URI': '/invoices', 'X-Forwarded-For': '203.0.113.7' };
const OWN_PAGE = { 'X-Requested-With': 'gatehouse' };

const bearer = (key: string): Headers => ({ Authorization: `Bearer ${key}` });

/** Makes credentials of every kind in one org of an installation. */
export class EveryCredential {
  #orgId = '';
  #owner: Headers = {};
  #operator: Headers = {};
  #service: Headers = {};

  /** @param services of the installation, for keys that only commands make and revoke */
  constructor(
    private readonly installation: Installation,
    private readonly client: HttpClient,
    private readonly services: Awaited<ReturnType<typeof openServices>>,
  ) {}

  /** Signs in an owner and declares a service, with which the others are made. */
  async prepare(server: ServerProcess): Promise<void> {
    this.#orgId = await this.installation.newOrg(server);
    this.#operator = bearer((await this.services.get(ApiKeys).createForOperator(OPERATOR)).token);
    this.#owner = await this.signIn(server, 'owner@acmetours.example');
    await this.#made(server, { method: 'PUT', path: SERVICE, headers: this.#operator, body: DECLARATION });
    const made = { method: 'POST', path: `${SERVICE}/keys`, headers: this.#operator, body: { name: 'Door' } };
    this.#service = bearer((await this.#made<NewKey>(server, made)).api_key);
  }

  async all(server: ServerProcess): Promise<Credential[]> {
    const kinds = [{}, { kind: 'key_secret' }, { type: 'client' }];
    const [opaque, pair, typed] = await Promise.all(kinds.map((kind) => this.#newKey(server, kind)));
    const { id, key } = await this.installation.newKey(server, this.#orgId);
    return [
      this.#ofOrg('opaque key', opaque!.id, bearer(opaque!.api_key)),
      this.#ofOrg('JWT key', id, bearer(key)),
      this.#ofOrg('key and secret', pair!.id, pairHeaders(pair!)),
      this.#ofOrg('typed key', typed!.id, bearer(typed!.api_key)),
      await this.#byCommand('partner key', '/partner/v1/orgs', { partnerId: this.installation.partnerId }),
      await this.#byCommand('operator key', '/operator/v1/services', { isOperator: true }),
      await this.#ofService(server),
      await this.#atForwardAuth(server),
      await this.#askedAbout(server, 'verified key', (token) => ({
        path: '/v1/verify',
        body: { credential: { bearer: token } },
      })),
      await this.#askedAbout(server, 'introspected key', (token) => ({
        path: '/oauth2/introspect',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: `token=${token}`,
      })),
      await this.#session(server, 'session that signs out', 'leaving@acmetours.example'),
      await this.#session(server, 'session of a removed member', 'removed@acmetours.example'),
    ];
  }

  /** One of each kind, for requests of the API document. */
  async headers(server: ServerProcess): Promise<CredentialHeaders> {
    const [opaque, pair, typed] = await Promise.all(
      [{}, { kind: 'key_secret' }, { type: 'client' }].map((kind) => this.#newKey(server, kind)),
    );
    return {
      operatorKey: this.#operator,
      serviceKey: this.#service,
      partnerKey: bearer(this.installation.partnerKey),
      orgKey: bearer(opaque!.api_key),
      eventKey: bearer(typed!.api_key),
      agentKey: pairHeaders(pair!),
      agentSecret: {},
      session: this.#owner,
      ownPage: OWN_PAGE,
    };
  }

  /** @returns the token of a login link to the org */
  async newLink({ url }: ServerProcess, email: string): Promise<string> {
    const path = `/partner/v1/orgs/${this.#orgId}/login-links`;
    const { body } = await this.installation.partner.ask(url, { method: 'POST', path, body: { email } });
    return new URL((JSON.parse(body) as { url: string }).url).searchParams.get('token')!;
  }

  async signIn(server: ServerProcess, email: string): Promise<Headers> {
    const token = await this.newLink(server, email);
    const link = { method: 'POST', path: '/session/login-link', headers: OWN_PAGE, body: { token } };
    const { headers } = await this.client.ask(server.url, link);
    return { Cookie: headers['set-cookie']![0]!.split(';', 1)[0]!, ...OWN_PAGE };
  }

  async #newKey(server: ServerProcess, settings: { readonly kind?: string; readonly type?: string }): Promise<NewKey> {
    const path = '/manage/v1/api-keys';
    const asked = (path: string, body: object) => ({ method: 'POST', path, headers: this.#owner, body });
    if (settings.type !== undefined) return this.#made(server, asked(path, { name: 'Key', ...settings }));
    if (settings.kind === undefined) return this.#made(server, asked(path, { name: 'Key', access: 'full' }));
    const { id: agent_id } = await this.#made<{ id: string }>(server, asked('/manage/v1/agents', { name: 'Agent' }));
    return this.#made(server, asked(path, { name: 'Key', ...settings, agent_id, scopes: ['contacts:read'] }));
  }

  #ofOrg(what: string, keyId: string, headers: Headers): Credential {
    return this.#presented(what, headers, '/whoami', (server) => this.#revoke(server, keyId));
  }

  async #byCommand(what: string, path: string, owner: KeyOwner): Promise<Credential> {
    const keys = this.services.get(ApiKeys);
    const make =
      'partnerId' in owner ? keys.createForPartner(OPERATOR, owner.partnerId) : keys.createForOperator(OPERATOR);
    const { key, token } = await make;
    return this.#presented(what, bearer(token), path, () =>
      until(`the ${what} is revoked`, () =>
        keys.revoke(OPERATOR, owner, key.id).then(
          () => true,
          () => false,
        ),
      ),
    );
  }

  async #ofService(server: ServerProcess): Promise<Credential> {
    const made = { method: 'POST', path: `${SERVICE}/keys`, headers: this.#operator, body: { name: 'Other door' } };
    const { id, api_key } = await this.#made<NewKey>(server, made);
    const asked = {
      method: 'POST',
      path: '/v1/verify',
      headers: bearer(api_key),
      body: { credential: { bearer: 'x' } },
    };
    return {
      what: 'service key',
      headers: bearer(api_key),
      present: async ({ url }) => (await this.client.ask(url, asked)).status,
      end: ({ url }) =>
        this.#until(200, 'the service key is revoked', () =>
          this.client.ask(url, { method: 'POST', path: `${SERVICE}/keys/${id}/revoke`, headers: this.#operator }),
        ),
    };
  }

  async #atForwardAuth(server: ServerProcess): Promise<Credential> {
    const { id, api_key } = await this.#newKey(server, {});
    const headers = { ...bearer(api_key), ...PROXIED };
    return this.#presented('key at forward-auth', headers, '/v1/forward-auth/billing', (at) => this.#revoke(at, id));
  }

  async #askedAbout(server: ServerProcess, what: string, question: (token: string) => Ask): Promise<Credential> {
    const { id, api_key } = await this.#newKey(server, {});
    const asked = question(api_key);
    const headers = { ...this.#service, ...asked.headers };
    return {
      what,
      present: async ({ url }) => {
        const { status, body } = await this.client.ask(url, { ...asked, method: 'POST', headers });
        if (status !== 200) return status;
        const { valid, active } = JSON.parse(body) as { valid?: boolean; active?: boolean };
        return (valid ?? active) ? 200 : 401;
      },
      end: (at) => this.#revoke(at, id),
    };
  }

  async #session(server: ServerProcess, what: string, email: string): Promise<Credential> {
    const headers = await this.signIn(server, email);
    if (email.startsWith('leaving')) {
      return this.#presented(what, headers, '/session', ({ url }) =>
        // A repeated call finds no session any more.
        this.#until([204, 401], what, () => this.client.ask(url, { method: 'DELETE', path: '/session', headers })),
      );
    }
    const { body } = await this.client.ask(server.url, { path: '/session', headers });
    const { user } = JSON.parse(body) as { user: { id: string } };
    const path = `/partner/v1/orgs/${this.#orgId}/members/${user.id}`;
    return this.#presented(what, headers, '/session', ({ url }) =>
      this.#until([204, 404], what, () => this.installation.partner.ask(url, { method: 'DELETE', path })),
    );
  }

  #presented(what: string, headers: Headers, path: string, end: Credential['end']): Credential {
    return { what, headers, present: async ({ url }) => (await this.client.ask(url, { path, headers })).status, end };
  }

  #revoke({ url }: ServerProcess, keyId: string): Promise<void> {
    const path = `/partner/v1/orgs/${this.#orgId}/api-keys/${keyId}`;
    return this.#until(204, 'the key is revoked', () => this.installation.partner.ask(url, { method: 'DELETE', path }));
  }

  async #until(expected: number | readonly number[], what: string, ask: () => Promise<Answer>): Promise<void> {
    await until(what, async () => {
      const answer = await ask().catch(() => undefined);
      return answer !== undefined && [expected].flat().includes(answer.status);
    });
  }

  async #made<Created>({ url }: ServerProcess, asked: Ask): Promise<Created> {
    const { status, body } = await this.client.ask(url, asked);
    if (status !== 200 && status !== 201) throw new Error(`${asked.path} was answered ${status}: ${body}`);
    return JSON.parse(body) as Created;
  }
}

function pairHeaders({ api_key, api_secret }: NewKey): Headers {
  return { 'X-API-Key': api_key, 'X-API-Secret': api_secret! };
}
