import { Gatehouse } from '../../../sdk/src/index.js';
import type { Environment } from '../../core/config/setting-reader.js';
import type { Database } from '../../core/database/database.js';
import { furnish, signedIn } from './furnish.js';
import { ask, gatehouse } from './gatehouse.js';
import { guardService } from './service-story.js';
import { call, say, type Expectation, type Reply } from './transcript.js';

const EXTERNAL_ID = 'customer-12345';
const OWNER = { email: 'owner@acmetours.com', name: 'Jane Smith' };
const CONTACT = { email: 'sam@example.com', name: 'Sam Rivers' };

/** Returns a caller that authenticates with a key and prints every call. */
function as(url: string, key: string) {
  const authorization = { Authorization: `Bearer ${key}` };
  return {
    get: (path: string, expected: Expectation): Promise<Reply> =>
      call({ method: 'GET', url: url + path, headers: authorization }, expected),
    post: (path: string, body: object, expected: Expectation): Promise<Reply> =>
      call(
        { method: 'POST', url: url + path, headers: { ...authorization, 'Content-Type': 'application/json' }, body },
        expected,
      ),
  };
}
type Caller = ReturnType<typeof as>;

/** `url` is the server's address for the demo's own calls, `publicUrl` the start of login links. */
export interface Addresses {
  readonly url: string;
  readonly publicUrl: string;
}

/**
 * Plays the main use case from end to end. If the data directory has an earlier run's org, only makes a new link for it.
 * @returns an unused link to the dashboard
 */
export async function tellStory(
  { url, publicUrl }: Addresses,
  environment: Environment,
  database: Database,
): Promise<string> {
  const known = await findOrg(environment);
  if (known !== undefined) {
    const dataDir = environment['DATA_DIR']!;
    say('The partner, the org and its keys are those of an earlier run.');
    console.log(`To see the whole transcript again, delete ${dataDir} first.\n`);
    const link = ['login-link', 'create', '--org', known, '--email', OWNER.email];
    return (await gatehouse(environment, ...link))['url']!;
  }
  const partnerKey = await provisionPartner(environment);
  const partner = as(url, partnerKey);
  const orgId = await createOrg(partner);
  const orgPath = `/partner/v1/orgs/${orgId}`;
  await useFullKey(url, partner, orgPath);
  const owner = signedIn(url, await signIn({ url, publicUrl }, partner, orgPath));
  say('More people, agents and keys of each kind, so that the dashboard has something to show.');
  await furnish({ url, orgId, partner: new Gatehouse({ url, key: partnerKey }), owner }, database);
  console.log('Each was made by the call that the dashboard makes for it. The thirty days of usage are made up.');
  await guardService(url, environment, (key) => partner.post(`${orgPath}/api-keys`, key, { status: 201 }));
  say('Another link, for you.');
  return (await partner.post(`${orgPath}/login-links`, OWNER, { status: 201 })).body['url']!;
}

/** Returns the id of an earlier run's org. */
async function findOrg(environment: Environment): Promise<string | undefined> {
  const { items } = await ask<{ items: { id: string; external_id: string | null }[] }>(environment, 'org', 'list');
  return items.find(({ external_id }) => external_id === EXTERNAL_ID)?.id;
}

async function provisionPartner(environment: Environment): Promise<string> {
  say('The operator makes a partner, on the command line.');
  const { id } = await gatehouse(environment, 'partner', 'create', '--name', 'Acme Travel Software');
  say("And the partner's key, a JWT that is shown once.");
  return (await gatehouse(environment, 'partner', 'key', 'create', '--partner', id!))['api_key']!;
}

async function createOrg(partner: Caller): Promise<string> {
  const org = { name: 'Acme Tours', external_id: EXTERNAL_ID, language: 'en' };
  say("The partner's backend makes an org for a customer.");
  const { body } = await partner.post('/partner/v1/orgs', org, { status: 201, body: { external_id: EXTERNAL_ID } });
  say('Doing it again is refused, so a retry makes no second org.');
  await partner.post('/partner/v1/orgs', org, {
    status: 409,
    body: { statusCode: 409, message: `Org with external_id "${EXTERNAL_ID}" already exists` },
  });
  say("It is found by the partner's own id.");
  await partner.get(`/partner/v1/orgs/by-external-id/${EXTERNAL_ID}`, { status: 200, body: { id: body['id'] } });
  return body['id']!;
}

async function useFullKey(url: string, partner: Caller, orgPath: string): Promise<void> {
  say('An API key of the org, with full access.');
  const made = await partner.post(`${orgPath}/api-keys`, { name: 'Production' }, { status: 201 });
  const full = as(url, made.body['api_key']!);
  say('The key asks what it is.');
  await full.get('/whoami', { status: 200, body: { id: made.body['api_key_id'], access: 'full' } });
  say('It writes a contact.');
  const contact = (await full.post('/contacts', { contact: CONTACT }, { status: 201 })).body['id']!;
  say('And reads it back.');
  await full.get(`/contacts/${contact}`, { status: 200, body: { id: contact, ...CONTACT } });
  await listWithSdk(url, made.body['api_key']!);
  await useScopedKey(url, partner, orgPath, contact);
}

async function listWithSdk(url: string, key: string): Promise<void> {
  say('So does the TypeScript client in sdk/.');
  console.log("for await (const contact of api.each('/contacts')) console.log(contact.email);\n");
  const api = new Gatehouse({ url, key });
  for await (const contact of api.each('/contacts')) console.log(contact.email);
}

async function useScopedKey(url: string, partner: Caller, orgPath: string, contact: string): Promise<void> {
  say('A key that may read contacts, and nothing else.');
  const settings = { name: 'Contact viewer', scopes: ['contacts:read'] };
  const made = await partner.post(`${orgPath}/api-keys`, settings, { status: 201 });
  const scoped = as(url, made.body['api_key']!);
  say('It reads the contact.');
  await scoped.get(`/contacts/${contact}`, { status: 200, body: { id: contact } });
  say('Tags it may not read.');
  const message = 'This API key does not have the required scope: "tags:read".';
  await scoped.get('/tags', { status: 403, body: { statusCode: 403, message } });
}

/** @returns the session cookie as `name=value` */
async function signIn({ url, publicUrl }: Addresses, partner: Caller, orgPath: string): Promise<string> {
  say('A login link, for the button "Manage support" on the partner\'s site.');
  const made = await partner.post(`${orgPath}/login-links`, OWNER, { status: 201 });
  const link = made.body['url']!.replace(publicUrl, url);
  say('Its first visit signs in.');
  const { headers } = await call({ method: 'GET', url: link, headers: {} }, { status: 303 });
  const cookie = headers.getSetCookie()[0]?.split(';', 1)[0];
  if (!cookie) throw new Error('The first visit of the login link gave no cookie.');
  say('The browser has a session in this org now.');
  await call({ method: 'GET', url: `${url}/session`, headers: { Cookie: cookie } }, { status: 200 });
  say('The second visit is refused: each link works once.');
  await call({ method: 'GET', url: link, headers: {} }, { status: 410 });
  return cookie;
}
