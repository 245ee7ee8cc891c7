import { afterAll, beforeAll } from 'vitest';
import { mintOpaqueKey } from '../../../src/access/credentials/credential-format.js';
import { uuidV7 } from '../../../src/core/database/uuid-v7.js';
import type { Audience } from '../../../src/access/scopes/audience.js';
import { OPERATOR } from '../../../src/kit/audit/actor.js';
import { UnsubscribeLinks } from '../../../src/kit/mailer/unsubscribe-links.js';
import { SurveyLinks } from '../../../src/resources/conversations/csat/survey-links.js';
import { NumberAssignments } from '../../../src/tenancy/whatsapp-numbers/number-assignments.service.js';
import { newLoginLink, rolesOf } from '../../support/login-links.js';
import { apply, declared } from '../../support/declared-services.js';
import { insertVerifiedDomain } from '../../support/sender-domains.js';
import { type Client, type TestOrg, TestServer } from '../../support/start-app.js';
import { StubServer } from '../../support/stub-server.js';
import { storeKey } from '../../support/stored-keys.js';
import { bearer, CredentialMaker, type Headers, type Kind } from './credentials.js';
import { STEP } from './row-bodies.js';

const KIND_OF: Partial<Readonly<Record<Audience, Kind>>> = {
  operator: 'operator key',
  partner: 'partner JWT',
  org: 'org JWT',
  agent: 'key + secret',
  event: 'event key',
  user: 'session',
  'public-or-org': 'org JWT',
  'any-key': 'org JWT',
  'scoped-key': 'org JWT',
};
/** The domain and the WhatsApp number of the examples. */
const DOMAIN = 'harbourtours.example';
const NUMBER = '106540352242922';

/** An org with what the examples need and no route can make. */
export interface ExampleWorld {
  /** Real values by the names in `SERVER_VALUES`. */
  readonly values: ReadonlyMap<string, string>;
  /** The credential of each audience that has one. */
  readonly headers: ReadonlyMap<Audience, Headers>;
}

/** A server with a stub of the provider that the examples connect, for the suite that calls this. */
export function exampleServer(): () => TestServer {
  let server: TestServer;
  let provider: StubServer;
  beforeAll(async () => {
    provider = await StubServer.start();
    provider.answers(200, { companies: [] });
    server = await TestServer.start({
      OUTBOUND_ALLOWED_HOSTS: `127.0.0.1:${provider.port}`,
      INTEGRATION_BASE_URLS: `fareharbor=${provider.url}`,
    });
  });
  afterAll(async () => {
    await server.close();
    await provider.close();
  });
  return () => server;
}

export async function exampleWorld(server: TestServer): Promise<ExampleWorld> {
  const maker = await CredentialMaker.prepare(server);
  const headers = new Map<Audience, Headers>();
  for (const [audience, kind] of Object.entries(KIND_OF)) headers.set(audience as Audience, await maker.good(kind));
  headers.set('service', bearer(await newServiceKey(server)));
  const { org } = maker;
  const key = await server.newClient(org);
  await insertVerifiedDomain(server.database.pool, org.id, DOMAIN);
  await server.app.get(NumberAssignments).handTo(OPERATOR, org.partner.id, { id: NUMBER });
  // The request log then has a denied request.
  await (await server.newClient(org, { scopes: ['contacts:read'] })).post('/contacts').send({}).expect(403);
  const session = await server.http.get('/session').set(headers.get('user')!).expect(200);
  const roles = await rolesOf(server, org);
  const values = {
    org: org.id,
    user: (session.body as { user: { id: string } }).user.id,
    ownerRole: roles.Owner,
    adminRole: roles.Admin,
    memberRole: roles.Member,
    keyAgent: await maker.agentOf(org),
    insight: await newInsight(server, org),
    otherLoginLink: (await newLoginLink(server, org)).token,
    continuousSequence: await made(key, '/sequences', { is_continuous: true, filter: null, steps: [sendingStep()] }),
    ...(await signedLinks(server, org, key)),
  };
  return { values: new Map(Object.entries(values)), headers };
}

/** A key of the service that the examples declare and ask about. */
async function newServiceKey(server: TestServer): Promise<string> {
  const bookings = { name: 'bookings', label: 'Bookings', description: '', actions: ['read', 'write'] };
  const routes = [{ methods: ['GET'], path: '/bookings/{id}', needs: 'bookings:read' }];
  const { row } = await apply(server, declared({ service: 'bookings', resources: [bookings], routes }));
  const token = mintOpaqueKey('ocx', 'live');
  await storeKey(server, { org_id: null, service_id: row.id }, { token });
  return token;
}

async function made(key: Client, path: string, body: object): Promise<string> {
  return ((await key.post(path).send(body).expect(201)).body as { id: string }).id;
}

/** A step that sends from the verified domain. */
function sendingStep(): object {
  const { action } = STEP;
  return { ...STEP, action: { ...action, data: { ...action.data, from_email: `bookings@${DOMAIN}` } } };
}

async function newInsight(server: TestServer, { id: orgId }: TestOrg): Promise<string> {
  const id = uuidV7();
  const sql = `INSERT INTO insights (id, org_id, reason, occurrence_count, first_seen_at, last_seen_at)
    VALUES ($1, $2, 'insufficient_knowledge', 1, now(), now())`;
  await server.database.pool.query(sql, [id, orgId]);
  return id;
}

async function signedLinks(server: TestServer, org: TestOrg, key: Client): Promise<Record<string, string>> {
  const sessionId = await made(key, '/chat/sessions', {});
  await key.patch(`/chat/sessions/${sessionId}`).send({ status: 'closed_resolved' }).expect(200);
  const survey = new URL(server.app.get(SurveyLinks).linkTo({ orgId: org.id, sessionId }));
  const subscriber = { orgId: org.id, email: 'lena.fischer@example.com' };
  const unsubscribe = new URL(server.app.get(UnsubscribeLinks).linkTo(subscriber));
  return {
    surveyedSession: sessionId,
    surveySignature: survey.searchParams.get('signature')!,
    surveyExpires: survey.searchParams.get('expires')!,
    unsubscribe: unsubscribe.pathname.split('/').at(-1)!,
    unsubscribeSignature: unsubscribe.searchParams.get('signature')!,
    unsubscribeExpires: unsubscribe.searchParams.get('expires')!,
  };
}
