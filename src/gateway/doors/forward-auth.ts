import { Inject, Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Decision, Decisions } from '../../access/decision/decisions.js';
import { Refusals } from '../../access/guards/refusals.js';
import type { Client, Sender } from '../../access/network/client-ip.js';
import { RequestRecorder } from '../../access/ports/request-recorder.js';
import type { Principal } from '../../access/principal/principal.js';
import type { GuardedRequest, RequestTarget } from '../../access/principal/guarded-request.js';
import { AppError } from '../../core/errors/app-error.js';
import { notFound } from '../../core/errors/core-errors.js';
import { ErrorFilter } from '../../core/errors/error.filter.js';
import { LOG, type Log } from '../../core/logging/log.js';
import { Assertions } from '../assertions/assertions.js';
import { doorErrors } from './doors.errors.js';
import { type GuardedService, ServiceDirectory } from '../services/service-directory.js';
import { scopeList } from './identity.js';
import { asciiJson } from './ascii-json.js';
import { proxiedRequest } from './proxied-request.js';
import { ProblemLog } from './problem-log.js';
import { decisionIfSuspended, matchingRoute, needsOfRoute } from './service-needs.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answered by `ForwardAuth`, without Nest's handling of a request. */
    readonly isForwardAuth?: boolean;
  }
}

interface Parameters {
  readonly service: string;
}

type Headers = Readonly<Record<string, string>>;

const PREFIX = '/v1/forward-auth/';

/** Of a request that needs no authentication. In lower case, as Fastify sends them. */
const ANONYMOUS: Headers = {
  'cache-control': 'no-store',
  'x-gatehouse-org': '',
  'x-gatehouse-org-external-id': '',
  'x-gatehouse-partner': '',
  'x-gatehouse-key-id': '',
  'x-gatehouse-key-name': '',
  'x-gatehouse-kind': '',
  'x-gatehouse-scopes': '',
  'x-gatehouse-assertion': '',
};

/**
 * Answers a proxy whether a request to a service may pass: 200 without a body and with the caller's identity in headers,
 * or the refusal that a route of this server would answer. Every identity header is always there, so that the proxy's
 * copy replaces what a client made up.
 */
@Injectable()
export class ForwardAuth {
  readonly #identities = new WeakMap<GuardedService, WeakMap<Principal, Headers>>();
  readonly #problems: ProblemLog;

  constructor(
    private readonly decisions: Decisions,
    private readonly services: ServiceDirectory,
    private readonly assertions: Assertions,
    private readonly refusals: Refusals,
    private readonly recorder: RequestRecorder,
    private readonly errors: ErrorFilter,
    @Inject(LOG) log: Log,
  ) {
    this.#problems = new ProblemLog(log);
  }

  /** Takes the place of the handlers of marked routes. Nest's handling would cost a third of a warm answer. */
  serve(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', (route) => {
      if (route.config?.isForwardAuth === true) route.handler = (request, reply) => this.#answer(request, reply);
    });
  }

  #answer(request: FastifyRequest, reply: FastifyReply): void {
    const asked = new AskedRequest(request);
    try {
      const service = this.services.find((request.params as Parameters).service);
      const answered =
        service instanceof Promise
          ? service.then((found) => this.#ask(found, asked, reply))
          : this.#ask(service, asked, reply);
      answered?.catch((error: unknown) => this.#refuse(error, asked, reply));
    } catch (error) {
      this.#refuse(error, asked, reply);
    }
  }

  #ask(service: GuardedService | undefined, asked: AskedRequest, reply: FastifyReply): Promise<void> | undefined {
    if (service === undefined) throw notFound('Service');
    asked.target = { service: service.slug, route: null };
    const { request } = reply;
    const proxied = proxiedRequest(request, appendedPath(request.url));
    if ('problem' in proxied) {
      this.#problems.tell(service.slug, proxied.problem);
      throw doorErrors.proxy_misconfigured();
    }
    asked.method = proxied.method;
    const suspended = decisionIfSuspended(service);
    if (suspended !== undefined) return this.#settle(suspended, service, asked, reply);
    const route = matchingRoute(service, proxied.method, proxied.target);
    if (route instanceof AppError) {
      throw route.code === doorErrors.ambiguous_path.code ? doorErrors.ambiguous_path_at_proxy() : route;
    }
    const needs = needsOfRoute(service, route);
    if (needs === 'public') {
      asked.target = { service: service.slug, route: route.path };
      this.#letIn(asked, ANONYMOUS, reply);
      return undefined;
    }
    asked.target = needs.target!;
    const decision = this.decisions.decide(asked, needs);
    if (decision instanceof Promise) return decision.then((made) => this.#settle(made, service, asked, reply));
    return this.#settle(decision, service, asked, reply);
  }

  #settle(
    { principal, charged, refusal }: Decision,
    service: GuardedService,
    asked: AskedRequest,
    reply: FastifyReply,
  ): Promise<void> | undefined {
    if (principal !== undefined) {
      reply.request.principal = principal;
      const announced = principal.retirement?.headersAt(Date.now());
      if (announced !== undefined) reply.headers(announced);
    }
    if (charged !== undefined && charged.policy !== '') {
      reply.header('ratelimit-policy', charged.policy).header('ratelimit', charged.value);
    }
    if (refusal !== undefined) {
      this.refusals.attribute(refusal.error, refusal.by);
      throw refusal.error;
    }
    const identity = this.#identityOf(principal!, service);
    const assertion = this.assertions.for(principal!, service.slug, () => claimsOf(principal!, service));
    if (typeof assertion !== 'string') {
      return assertion.then((token) => this.#letIn(asked, identity, reply.header('x-gatehouse-assertion', token)));
    }
    this.#letIn(asked, identity, reply.header('x-gatehouse-assertion', assertion));
    return undefined;
  }

  #letIn(asked: AskedRequest, identity: Headers, reply: FastifyReply): void {
    reply.headers(identity).header('x-gatehouse-request-id', reply.request.id).send();
    this.#record(asked, 200, reply);
  }

  #identityOf(principal: Principal, service: GuardedService): Headers {
    let known = this.#identities.get(service);
    if (known === undefined) this.#identities.set(service, (known = new WeakMap()));
    let headers = known.get(principal);
    if (headers === undefined) known.set(principal, (headers = identityHeaders(principal, service)));
    return headers;
  }

  /** nginx passes only 401 and 403 on; `?statuses=401,403` puts other answers into headers of a 403. */
  #refuse(error: unknown, asked: AskedRequest, reply: FastifyReply): void {
    const { request } = reply;
    const { statuses } = request.query as { statuses?: unknown };
    // The query behind an appended path is the client's.
    const isForNginx = statuses === '401,403' && appendedPath(request.url) === '';
    if (!isForNginx) {
      this.errors.write(error, request, reply);
      return this.#record(asked, reply.statusCode, reply);
    }
    const answer = this.errors.prepare(error, request);
    reply.headers({
      ...answer.headers,
      'x-gatehouse-status': String(answer.status),
      'x-gatehouse-body': asciiJson(answer.body),
    });
    reply.code(answer.status === 401 ? 401 : 403).header('content-type', 'application/json; charset=utf-8');
    reply.send(JSON.stringify(answer.body));
    this.#record(asked, answer.status, reply);
  }

  #record(asked: AskedRequest, status: number, { request }: FastifyReply): void {
    this.recorder.record({
      request: asked,
      requestId: request.id,
      route: asked.target?.route ?? null,
      service: asked.target?.service ?? null,
      status,
      principal: request.principal,
      error: request.answeredError ?? undefined,
      arrivedAtMs: request.arrivedAtMs,
    });
  }
}

/** The request that the proxy asks about. A warm decision seldom needs the client's address, which costs some parsing. */
class AskedRequest implements GuardedRequest {
  /** The proxy's own, until it has named that of its client. */
  method: string;
  target?: RequestTarget;
  readonly headers: IncomingHttpHeaders;

  constructor(private readonly request: FastifyRequest) {
    this.method = request.method;
    this.headers = request.headers;
  }

  get client(): Client {
    return this.request.client;
  }

  get sender(): Sender {
    return this.request.sender;
  }
}

/** The path and query that the proxy appended to the route, as sent; empty if there is none. */
function appendedPath(url: string): string {
  const slash = url.indexOf('/', url.indexOf(PREFIX) + PREFIX.length);
  const query = url.indexOf('?');
  return slash < 0 || (query >= 0 && query < slash) ? '' : url.slice(slash);
}

function identityHeaders(principal: Principal, service: GuardedService): Headers {
  const { profile, boundOrgId = '', orgExternalId = '', boundPartnerId = '' } = principal;
  return {
    'cache-control': 'no-store',
    'x-gatehouse-org': boundOrgId,
    'x-gatehouse-org-external-id': headerText(orgExternalId),
    'x-gatehouse-partner': boundPartnerId,
    'x-gatehouse-key-id': principal.id,
    'x-gatehouse-key-name': encodeURIComponent(principal.name),
    'x-gatehouse-kind': profile!.kind,
    'x-gatehouse-scopes': scopeList(service, principal),
  };
}

function claimsOf(principal: Principal, service: GuardedService): Record<string, string> {
  const { boundOrgId, orgExternalId, boundPartnerId, profile } = principal;
  const { external_id } = profile!;
  return {
    sub: principal.id,
    // Not a header: a proxy that doesn't know it would pass on what a client made up.
    ...(external_id !== null && { key_external_id: external_id }),
    ...(boundOrgId !== undefined && { org: boundOrgId }),
    ...(orgExternalId !== undefined && { org_external_id: orgExternalId }),
    ...(boundPartnerId !== undefined && { partner: boundPartnerId }),
    scope: scopeList(service, principal),
  };
}

/** Percent-encodes what a header can't carry, and the percent sign. */
function headerText(text: string): string {
  return /^[\x21-\x24\x26-\x7e]*$/.test(text)
    ? text
    : text.replace(/[^\x21-\x24\x26-\x7e]+/g, (part) => encodeURIComponent(part.toWellFormed()));
}
