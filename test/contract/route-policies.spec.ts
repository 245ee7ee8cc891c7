import { Controller, Get, Module, type Type } from '@nestjs/common';
import { DiscoveryModule, NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Public } from '../../src/access/decorators/for-audience.js';
import { AuthenticationGuard } from '../../src/access/guards/authentication.guard.js';
import { RouteAudit } from '../../src/access/routes/route-audit.js';
import { scopesOf } from '../../src/access/scopes/scopes.js';
import type { TestServer } from '../support/start-app.js';
import { request } from './support/refusals.js';
import { type ServedRoute, startServer } from './support/served-routes.js';

const READERS = 'readers of a help center have no key, and only published articles are shown';
/** Routes without a credential, and why. Listed by hand, because each entry is a decision. */
const PUBLIC: Readonly<Record<string, string>> = {
  'ALL /v1/forward-auth/:service': 'the credential is that of the request that the proxy asks about',
  'ALL /v1/forward-auth/:service/*': 'the credential is that of the request that the proxy asks about',
  'GET /': 'names public pages',
  'GET /.well-known/jwks.json': 'public keys are public',
  'GET /articles': READERS,
  'GET /articles/:slug': READERS,
  'GET /dashboard': 'explains how to sign in',
  'GET /dashboard/*': 'the same page',
  'GET /dashboard/assets/:name': 'a static file',
  'GET /dashboard/login.js': 'a static file',
  'GET /dashboard/page.css': 'a static file',
  'GET /docs': 'the API document is public',
  'GET /docs/assets/:name': 'a static file',
  'GET /help/:center': READERS,
  'GET /help/:center/:slug': READERS,
  'GET /healthz': 'called by process managers',
  'GET /openapi.json': 'the API document is public',
  'GET /media/:id':
    'pictures are shown to people without a key; ids cannot be guessed, and links to attachments are signed',
  'GET /metrics': 'authenticates callers itself',
  'GET /partner-login': 'the link itself is the credential',
  'GET /public/help-centers/:center': READERS,
  'GET /public/help-centers/:center/articles': READERS,
  'GET /public/help-centers/:center/articles/:slug': READERS,
  'GET /readyz': 'called by load balancers',
  'GET /surveys/:org_id/:session_id': 'the signature of the link is the credential',
  'POST /surveys/:org_id/:session_id/:score': 'the signature of the link is the credential',
  'OPTIONS /events': 'browsers send a preflight without the key',
  'POST /credentials/revoke': 'holding a credential is the right to end it',
  'POST /leaks/github': 'GitHub signs its reports',
  'POST /session/login-link': 'the link itself is the credential',
  'GET /unsubscribe/:token': 'the signature of the link is the credential',
  'POST /unsubscribe/:token': 'the signature of the link is the credential',
};

let server: TestServer;
let routes: ServedRoute[];
beforeAll(async () => {
  ({ server, routes } = await startServer());
});
afterAll(() => server.close());

it('exactly the routes that are listed with a reason are public', () => {
  const open = routes.filter(({ policy }) => policy.audience === 'public');
  expect(Object.fromEntries(open.map(({ name, policy }) => [name, policy.reason]))).toEqual(PUBLIC);
});

it('every org and agent route requires a scope of the catalogue, and no other route does', () => {
  const strange = routes.filter(({ policy: { audience, scope } }) => {
    const list = audience === 'public-or-org' ? 'org' : audience;
    return list === 'org' || list === 'agent'
      ? !(scopesOf(list) as readonly string[]).includes(scope ?? '')
      : scope !== undefined;
  });
  expect(strange.map(({ name }) => name)).toEqual([]);
});

it('every scope of the catalogue is required by a route', () => {
  const neededBy = (audiences: readonly string[]) =>
    new Set(routes.flatMap(({ policy }) => (audiences.includes(policy.audience) ? [policy.scope] : [])));
  const unneeded = (list: 'org' | 'agent', needed: ReadonlySet<string | undefined>) =>
    scopesOf(list).filter((scope) => !needed.has(scope));
  expect(unneeded('org', neededBy(['org', 'public-or-org']))).toEqual([]);
  expect(unneeded('agent', neededBy(['agent']))).toEqual([]);
});

/** Management routes that answer a question about a body, and change nothing. */
const QUESTIONS = new Set(['POST /manage/v1/api-keys/:id/check']);

it('every management route declares a role, and routes that write require more than Member', () => {
  const isManagement = ({ path }: ServedRoute) => path.startsWith('/manage/');
  const strange = routes.filter(
    (route) =>
      (route.policy.role !== undefined) !== isManagement(route) ||
      (isManagement(route) && route.method !== 'GET' && !QUESTIONS.has(route.name) && route.policy.role === 'Member'),
  );
  expect(strange.map(({ name }) => name)).toEqual([]);
});

it('every session route that writes requires the header that other sites cannot send', async () => {
  const session = await server.newSession(await server.newOrg());
  const unsafe = routes.filter(({ method, policy }) => policy.audience === 'user' && method !== 'GET');
  const cookie = { Cookie: `gatehouse_session=${session}` };
  const answers = await Promise.all(
    unsafe.map(async (route) => {
      const { status, body } = await request(server.url, route, { ...cookie, 'X-Requested-With': 'XMLHttpRequest' });
      return { name: route.name, status, body };
    }),
  );
  expect(new Set(unsafe.map(({ method }) => method))).toEqual(new Set(['POST', 'PUT', 'PATCH', 'DELETE']));
  expect(answers.filter(({ status, body }) => status !== 403 || !body.includes('X-Requested-With'))).toEqual([]);
  await server.signedIn(session).get('/session').expect(200);
});

it('a route without an audience fails the start, and the error names it', async () => {
  @Controller('forgotten')
  class ForgottenController {
    @Get()
    list() {}

    @Get('said')
    @Public('it says so')
    said() {}
  }
  await expect(startWith(ForgottenController)).rejects.toThrow(
    'Routes without an audience or a scope: ForgottenController.list',
  );
});

it('an inherited route must declare its audience too', async () => {
  class Base {
    @Get('inherited')
    inherited() {}
  }
  @Controller('heirs')
  class HeirController extends Base {}
  await expect(startWith(HeirController)).rejects.toThrow(/: HeirController\.inherited$/);
});

async function startWith(controller: Type): Promise<void> {
  @Module({ imports: [DiscoveryModule], controllers: [controller], providers: [RouteAudit] })
  class TinyModule {}
  const app = await NestFactory.createApplicationContext(TinyModule, { logger: false, abortOnError: false });
  await app.close();
}

it('a request without a credential is refused before Nest handles it, on every route with a fixed audience', async () => {
  const guarded = routes.filter(({ policy }) => !['public', 'public-or-org'].includes(policy.audience));
  const guard = vi.spyOn(AuthenticationGuard.prototype, 'canActivate');
  const statuses = new Set<number>();
  for (const route of guarded) statuses.add((await request(server.url, route, {})).status);
  expect([...statuses]).toEqual([401]);
  expect(guard).not.toHaveBeenCalled();
  guard.mockRestore();
});
