import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest, preHandlerHookHandler, RouteOptions } from 'fastify';
import { parseTrustedProxies, resolveClient, Sender } from './access/network/client-ip.js';
import { EarlyAuthentication } from './access/guards/early-authentication.js';
import { Lease } from './access/freshness/lease.js';
import { assertSynchronousStandby } from './access/freshness/synchronous-standby.js';
import { canonicalAddress, type IpNetworkSet } from './access/network/ip-address.js';
import { removeControllers } from './access/routes/remove-controllers.js';
import { BUILT_IN_RESOURCES, isBuiltInOn, unknownResources } from './access/scopes/built-in-resources.js';
import { AppModule } from './app.module.js';
import type { Config } from './core/config/config.js';
import { Database } from './core/database/database.js';
import { ConfigError } from './core/config/setting-reader.js';
import { BoundedMap } from './core/cache/bounded-map.js';
import { bindTransactions } from './core/database/bound-org.js';
import type { AppError } from './core/errors/app-error.js';
import { coreErrors } from './core/errors/core-errors.js';
import { ForwardAuth } from './gateway/doors/forward-auth.js';
import { BrowserAnswers } from './api/event-ingest/browser-answers.js';
import { ErrorFilter } from './core/errors/error.filter.js';
import { answerClientError } from './core/http/client-error.js';
import { ArrivingBody, deferContinue } from './core/http/arriving-body.js';
import { BodyBudget } from './core/http/body-budget.js';
import { KnownMethods } from './core/http/known-methods.js';
import { ROUTER_OPTIONS } from './core/http/router-options.js';
import { leanAdapter } from './core/http/lean-adapter.js';
import { GracefulShutdown } from './core/http/graceful-shutdown.js';
import { OwnRequests } from './insight/request-log/own-requests.js';
import { unknownIntegrations } from './tenancy/integrations/unknown-integrations.js';
import { Jobs } from './core/jobs/jobs.service.js';
import { auditExportProblems } from './kit/audit/export/open-sinks.js';
import { countryFileProblems } from './kit/countries/country-file.js';
import { HttpMeter } from './operations/metrics/http-meter.js';
import { Metrics } from './operations/metrics/metrics.service.js';
import { currentSpan } from './operations/telemetry/current-span.js';
import type { Telemetry } from './operations/telemetry/telemetry.js';
import { provideTraceHeaders } from './core/http/trace-headers.js';
import { createLog, type Log, nestLogger } from './core/logging/log.js';

/** Limits the time to receive a whole request, so that slow senders can't hold connections. */
const REQUEST_TIMEOUT_MS = 60_000;
/** Peers whose trust is remembered. */
const TRUSTED_PEERS_MAX = 1_000;
/** The request targets of RFC 9112 section 3.2. The router would treat any other first character as the slash. */
const ORIGIN_OR_ABSOLUTE_FORM = /^(?:\/|https?:\/\/)/i;
/** Every method that can have a body in Fastify. */
const METHODS_WITH_BODY = ['DELETE', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'QUERY'];
/** From listening to the start of the job workers. */
const JOBS_AFTER_MS = 100;
const CLIENT_REQUEST_ID = /^[\w-]{1,64}$/;

/**
 * Creates the server, ready to listen. Opens and migrates its database.
 * @throws ConfigError before it opens anything
 */
export async function createApp(config: Config): Promise<NestFastifyApplication> {
  const trusted = await assertSettings(config);
  const telemetry = await loadTelemetry(config);
  const log = createLog(config, telemetry?.log);
  const filter = new ErrorFilter(log);
  const requestId = requestIds();
  const headersOf = commonHeadersOf(config);
  const refuse = (error: Error, socket: Socket) => answerClientError(error, socket, headersOf(requestId()));
  const adapter = leanAdapter({
    // Joining repeated headers makes two credentials an invalid one. The onRequest hook below refuses a missing Host.
    http: { joinDuplicateHeaders: true, requireHostHeader: false },
    requestTimeout: REQUEST_TIMEOUT_MS,
    genReqId: requestId,
    // The router's own errors (bad escapes, too long parameters) bypass Nest and all hooks.
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      filter.write(error, request, reply.headers(headersOf(request.id))),
    clientErrorHandler: refuse,
    routerOptions: ROUTER_OPTIONS,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config, log), adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: false,
  });
  removeControllers(app.get(ModulesContainer), (resource) => isBuiltInOn(config, resource));
  // Without a listener, Node closes the connection of a CONNECT request without a response.
  adapter.getInstance().server.on('connect', (_request, socket: Socket) => refuse(new Error('not a proxy'), socket));
  app.useLogger(nestLogger(log));
  telemetry?.watchRequests(adapter.getInstance());
  app.get(HttpMeter).watch(adapter.getInstance());
  app.get(OwnRequests).watch(adapter.getInstance());
  prepareFastify(adapter.getInstance(), config, trusted, app.get(BodyBudget), log);
  app.get(EarlyAuthentication).watch(adapter.getInstance());
  app.get(BrowserAnswers).serve(adapter.getInstance());
  app.get(ForwardAuth).serve(adapter.getInstance());
  try {
    await start(app, config, telemetry);
  } catch (error) {
    await app.get(Database).closeCluster();
    throw error;
  }
  adapter.getInstance().server.once('listening', () => startLater(app.get(Jobs)));
  return app;
}

async function start(app: NestFastifyApplication, config: Config, telemetry: Telemetry | undefined): Promise<void> {
  const database = app.get(Database);
  await database.openConnections();
  await app.init();
  if (config.freshness === 'strict') await assertSynchronousStandby(database.query);
  if (telemetry !== undefined) {
    telemetry.watchDatabase(database);
    telemetry.watchMetrics(app.get(Metrics));
    database.beforeClose(() => telemetry.stop());
  }
  await app.get(Lease).start();
}

/** Loading pg-boss takes the time of many requests, so the first ones come before. */
function startLater(jobs: Jobs): void {
  setTimeout(() => void jobs.start(), JOBS_AFTER_MS).unref();
}

/** Loads OpenTelemetry only if it is configured: that takes a tenth of a second. */
async function loadTelemetry({ telemetry, logLevel }: Config): Promise<Telemetry | undefined> {
  if (telemetry === undefined) return undefined;
  const { Telemetry: Loaded } = await import('./operations/telemetry/telemetry.js');
  // A log of its own: what can't be sent must not be sent again.
  const log = createLog({ logLevel });
  return new Loaded(telemetry, { currentSpan, provideTraceHeaders }, (problem) =>
    log.warn({ problem }, 'telemetry could not be sent'),
  );
}

/**
 * Validates the settings that core/ can't, because their rules belong to other wings.
 * @returns the trusted proxies
 * @throws ConfigError
 */
async function assertSettings(config: Config): Promise<IpNetworkSet> {
  const proxies = parseTrustedProxies(config.trustedProxies);
  const problems = [
    ...('problems' in proxies ? proxies.problems.map((problem) => `TRUSTED_PROXIES: ${problem}`) : []),
    ...(await auditExportProblems(config)),
    ...(await countryFileProblems(config)).map((problem) => `COUNTRY_FILE: ${problem}`),
    ...unknownIntegrations(config).map((name) => `INTEGRATION_BASE_URLS: there is no integration ${name}`),
    ...unknownResources(config).map(
      (name) => `BUILT_IN_RESOURCES: there is no resource ${name}; the resources are ${BUILT_IN_RESOURCES.join(', ')}`,
    ),
  ];
  if ('problems' in proxies || problems.length > 0) throw new ConfigError(problems);
  return proxies.trusted;
}

function prepareFastify(
  fastify: FastifyInstance,
  config: Config,
  trusted: IpNetworkSet,
  budget: BodyBudget,
  log: Log,
): void {
  fastify.decorateRequest('principal', null);
  fastify.decorateRequest('answeredError', null);
  fastify.decorateRequest('client', {
    getter(this: FastifyRequest) {
      return resolveClient(this.raw.socket.remoteAddress, this.headers['x-forwarded-for'], trusted);
    },
  });
  fastify.decorateRequest('sender', {
    getter(this: FastifyRequest) {
      return new Sender(this.raw.socket.remoteAddress, this.headers['x-forwarded-for'], trusted);
    },
  });
  const trustedPeers = new BoundedMap<string, boolean>(TRUSTED_PEERS_MAX);
  fastify.decorateRequest('isFromTrustedProxy', {
    getter(this: FastifyRequest) {
      const { remoteAddress = '' } = this.raw.socket;
      let isTrusted = trustedPeers.get(remoteAddress);
      if (isTrusted === undefined) {
        const peer = canonicalAddress(remoteAddress);
        isTrusted = peer !== undefined && trusted.has(peer);
        trustedPeers.set(remoteAddress, isTrusted);
      }
      return isTrusted;
    },
  });
  leaveBodiesUnread(fastify);
  const knownMethods = new KnownMethods(ROUTER_OPTIONS);
  knownMethods.watch(fastify);
  fastify.addHook('onRoute', bindWritesToOrg);
  const headersOf = commonHeadersOf(config);
  fastify.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done) => {
    reply.headers(headersOf(request.id));
    ArrivingBody.expect(request, reply, budget);
    const isPath = ORIGIN_OR_ABSOLUTE_FORM.test(request.url);
    if (!hasOneHost(request)) done(coreErrors.malformed_request());
    else if (request.is404) done(isPath ? otherMethod(request, knownMethods) : undefined);
    else if (isPath) done();
    else reply.callNotFound();
  });
  // Node would answer 417 without a body. The server ignores unknown expectations instead.
  fastify.server.on('checkExpectation', (request, response) => fastify.server.emit('request', request, response));
  deferContinue(fastify);
  GracefulShutdown.register(fastify);
  // Logging each request halves the throughput, so the default log level leaves it out.
  if (log.isLevelEnabled('info')) {
    fastify.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done) => {
      log.info({ req: request, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'answered');
      done();
    });
  }
}

/** Stops Fastify from reading bodies before the guards run. `RequestPipe` reads them afterwards. */
function leaveBodiesUnread(fastify: FastifyInstance): void {
  for (const method of METHODS_WITH_BODY) fastify.addHttpMethod(method, { hasBody: false, overrideExisting: true });
}

/** Returns the 405 error if the path has other methods, or undefined if it is unknown. */
function otherMethod({ method, url }: FastifyRequest, knownMethods: KnownMethods): AppError | undefined {
  const allowed = knownMethods.of(url).join(', ');
  if (allowed === '') return undefined;
  return coreErrors.method_not_allowed({ method, allowed }, { headers: { Allow: allowed } });
}

/** Binds the transactions of a write request to the caller's org. Read routes skip the cost. */
function bindWritesToOrg(route: RouteOptions): void {
  if (route.method === 'GET' || route.method === 'HEAD' || route.config?.isForwardAuth === true) return;
  const bind: preHandlerHookHandler = (request, { raw: response }, done) =>
    // Evaluated per transaction, because the guards set the principal later. Work after the response is not bound.
    bindTransactions(() => (response.writableEnded ? undefined : request.principal?.boundOrgId), done);
  route.preHandler = [route.preHandler ?? [], bind].flat();
}

/**
 * Returns the headers of every response, including errors outside Nest. The names are in lower case, because Fastify
 * would convert them at each request.
 */
function commonHeadersOf({ publicUrl }: Config) {
  const always = {
    'x-content-type-options': 'nosniff',
    ...(publicUrl.startsWith('https:') ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  };
  return (requestId: string) => ({ 'x-request-id': requestId, ...always });
}

/** RFC 9112 section 3.2 requires exactly one Host header. HTTP/1.0 may have none. */
function hasOneHost({ headers: { host }, raw }: FastifyRequest): boolean {
  return host === undefined ? raw.httpVersion === '1.0' : !host.includes(',');
}

/** Uses the client's id if it is a plain token, and otherwise a counter with a prefix unique to the process. */
function requestIds() {
  const prefix = randomBytes(6).toString('base64url').replace(/-/g, '_');
  let count = 0;
  return (request?: { headers: Record<string, string | string[] | undefined> }): string => {
    const given = request?.headers['x-request-id'];
    return typeof given === 'string' && CLIENT_REQUEST_ID.test(given) ? given : `${prefix}-${(++count).toString(36)}`;
  };
}
