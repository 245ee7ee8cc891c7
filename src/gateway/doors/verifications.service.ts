import { Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { type Decision, Decisions } from '../../access/decision/decisions.js';
import type { DecidingGuard } from '../../access/errors/refusal-reasons.js';
import { Refusals } from '../../access/guards/refusals.js';
import { type Client, resolveClient } from '../../access/network/client-ip.js';
import { IpNetworkSet } from '../../access/network/ip-address.js';
import type { Principal } from '../../access/principal/principal.js';
import { type AnsweredRequest, RequestRecorder } from '../../access/ports/request-recorder.js';
import type { GuardedRequest, RequestTarget } from '../../access/principal/guarded-request.js';
import { digestOf } from '../../access/credentials/credential-format.js';
import { unauthorized } from '../../access/credentials/unauthorized.js';
import { shownWindows } from '../../access/rate-limit/rate-limits.js';
import { AppError, type FieldProblem } from '../../core/errors/app-error.js';
import { errorAnswer } from '../../core/errors/error-answer.js';
import { invalidRequest } from '../../core/errors/invalid-request.js';
import { quoteInput } from '../../core/errors/quote-input.js';
import { scopesAt } from './identity.js';
import { type GuardedService, ServiceDirectory } from '../services/service-directory.js';
import { decisionIfSuspended, matchingRoute, needsOf, needsOfRoute, type ServiceNeeds } from './service-needs.js';
import type { VerdictCode, VerdictView, VerifyRequestDto } from './verify.dto.js';

const NO_PROXIES = new IpNetworkSet([]);
/** Error bodies depend on the route where a source of the contract fixes them; none of these does. */
const ROUTE = '/v1/verify';

/** A request to a service, in its words. */
type DescribedRequest = GuardedRequest & { readonly target: RequestTarget };

/** Decides on requests that services describe. */
@Injectable()
export class Verifications {
  constructor(
    private readonly decisions: Decisions,
    private readonly services: ServiceDirectory,
    private readonly refusals: Refusals,
    private readonly recorder: RequestRecorder,
  ) {}

  /**
   * @param caller with a key of the service
   * @throws AppError unauthorized (401) if the service is gone
   */
  async serviceOf(caller: Principal): Promise<GuardedService> {
    const service = await this.services.find(caller.serviceId!);
    // Its keys go with it; a request that began before has no service any more.
    if (service === undefined) throw unauthorized('service', true);
    return service;
  }

  /** @throws AppError invalid_request (400) */
  async verify(service: GuardedService, dto: VerifyRequestDto, requestId: string): Promise<VerdictView> {
    const arrivedAtMs = performance.now();
    assertValid(service, dto);
    const { needs, route } = needsAt(service, dto);
    const asked = describedBy(dto, { service: service.slug, route });
    const decision = decisionIfSuspended(service) ?? (await this.#decide(asked, needs, dto.charge !== false));
    const verdict = this.#verdict(service, decision, requestId);
    this.record(asked, decision, { status: verdict.status, requestId, arrivedAtMs });
    return verdict;
  }

  /** Records the described request instead of the question about it. */
  record(
    asked: DescribedRequest,
    { principal = null, refusal }: { readonly principal?: Principal | null } & Pick<Decision, 'refusal'>,
    answer: Pick<AnsweredRequest, 'status' | 'requestId' | 'arrivedAtMs'>,
  ): void {
    this.recorder.record({ request: asked, ...asked.target, principal, error: refusal?.error, ...answer });
  }

  async #decide(asked: GuardedRequest, needs: ServiceNeeds | AppError, charge: boolean): Promise<Decision> {
    if (needs instanceof AppError) return { refusal: { error: needs, by: 'Scope' } };
    return needs === 'public' ? {} : this.decisions.decide(asked, needs, charge);
  }

  #verdict(service: GuardedService, { principal, charged, refusal }: Decision, requestId: string): VerdictView {
    const answer = refusal && errorAnswer(refusal.error, ROUTE, requestId);
    if (refusal !== undefined) {
      this.refusals.attribute(refusal.error, refusal.by);
      this.refusals.count(refusal.error, { principal: principal ?? null });
    }
    const headers = {
      ...retirementOf(principal),
      ...(charged && charged.policy !== '' && { 'RateLimit-Policy': charged.policy, RateLimit: charged.value }),
      ...answer?.headers,
    };
    return {
      valid: refusal === undefined,
      code:
        refusal === undefined ? 'valid' : service.isSuspended ? 'service_suspended' : codeOf(refusal.error, refusal.by),
      status: answer?.status ?? 200,
      message: refusal?.error.message ?? 'The request may pass.',
      body: answer?.body ?? null,
      headers,
      ...identityOf(service, principal),
      rate_limit: charged === undefined ? [] : shownWindows(charged).map(limitOf),
      request_id: requestId,
    };
  }
}

function limitOf({ window: { name, limit }, standing }: ReturnType<typeof shownWindows>[number]) {
  return { name, limit, remaining: Math.max(0, standing.remaining), reset_seconds: standing.resetSeconds };
}

function identityOf(service: GuardedService, principal: Principal | undefined) {
  if (principal === undefined) return { key: null, org: null, partner: null, scopes: [] };
  const { boundOrgId, boundPartnerId, orgExternalId = null, partnerName = null } = principal;
  return {
    key: keyOf(principal),
    org: boundOrgId === undefined ? null : { id: boundOrgId, external_id: orgExternalId },
    partner: boundPartnerId === undefined ? null : { id: boundPartnerId, name: partnerName },
    scopes: scopesAt(service, principal),
  };
}

function keyOf({ id, name, profile }: Principal) {
  const { kind, external_id, tags, metadata } = profile!;
  return { id, name, kind, external_id, tags, metadata };
}

function retirementOf(principal: Principal | undefined): Record<string, string> {
  const { deprecation, sunset } = principal?.retirement?.headersAt(Date.now()) ?? {};
  return {
    ...(deprecation !== undefined && { Deprecation: deprecation }),
    ...(sunset !== undefined && { Sunset: sunset }),
  };
}

/** @throws AppError invalid_request (400) for what is a mistake of the service, not of its caller */
function assertValid(service: GuardedService, { credential, method, path, scope }: VerifyRequestDto): void {
  const problems: FieldProblem[] = [];
  const { bearer, api_key, api_secret, headers } = credential;
  const hasPair = api_key !== undefined || api_secret !== undefined;
  if (Number(bearer !== undefined) + Number(hasPair) + Number(headers !== undefined) !== 1) {
    const message = 'credential must have one of bearer, api_key with api_secret, or headers';
    problems.push({ field: 'credential', message });
  }
  if (method === undefined && path !== undefined) problems.push(missing('method', 'path'));
  if (path === undefined && method !== undefined) problems.push(missing('path', 'method'));
  if (scope !== undefined && !service.hasScope.has(scope)) {
    problems.push({ field: 'scope', message: `${quoteInput(scope)} is not a scope of service "${service.slug}"` });
  }
  if (problems.length > 0) throw invalidRequest(problems);
}

function missing(field: string, other: string): FieldProblem {
  return { field, message: `${field} is required with ${other}` };
}

/** What the described request needs, and the template of its route; null: none is described, or none matches. */
function needsAt(
  service: GuardedService,
  { method, path, scope }: VerifyRequestDto,
): { readonly needs: ServiceNeeds | AppError; readonly route: string | null } {
  const own = scope === undefined ? [] : [scope];
  if (method === undefined || path === undefined) return { needs: needsOf(service, own), route: null };
  const match = matchingRoute(service, method, path);
  if (match instanceof AppError) return { needs: match, route: null };
  const needs = needsOfRoute(service, match);
  const route = match.path;
  if (scope === undefined) return { needs, route };
  return { needs: needsOf(service, needs === 'public' ? own : [...needs.scopes, scope], route), route };
}

function describedBy(
  { credential, method = 'GET', ip, origin }: VerifyRequestDto,
  target: RequestTarget,
): DescribedRequest {
  const { bearer, api_key, api_secret } = credential;
  const headers = readHeaders(credential.headers);
  if (bearer !== undefined) headers.authorization = `Bearer ${bearer}`;
  if (api_key !== undefined) headers['x-api-key'] = api_key;
  if (api_secret !== undefined) headers['x-api-secret'] = api_secret;
  if (origin != null) headers.origin = origin;
  return { method, headers, client: describedClient(ip, headers), target };
}

const READ_HEADERS: ReadonlySet<string> = new Set(['authorization', 'x-api-key', 'x-api-secret', 'origin', 'referer']);

/** A header that was sent twice is joined, as this server joins its own: two credentials are an invalid one. */
function readHeaders(sent: Readonly<Record<string, unknown>> = {}): IncomingHttpHeaders {
  const headers: IncomingHttpHeaders = {};
  for (const [name, value] of Object.entries(sent)) {
    const lower = name.toLowerCase();
    if (!READ_HEADERS.has(lower) || value === null) continue;
    const text = [value].flat().map(String).join(', ');
    headers[lower] = lower in headers ? `${String(headers[lower])}, ${text}` : text;
  }
  return headers;
}

/**
 * The client whose failed authentication is counted. Without an address it is the credential itself: one unknown caller
 * must not use up the limit of all others of the service.
 */
export function describedClient(ip: string | null | undefined, headers: IncomingHttpHeaders): Client {
  if (ip != null) return resolveClient(ip, undefined, NO_PROXIES);
  const credential = `${headers.authorization ?? ''}\0${headers['x-api-key'] as string}`;
  return { address: undefined, network: `credential ${digestOf(credential)}` };
}

function codeOf(error: AppError, by: DecidingGuard): VerdictCode {
  if (by === 'PartnerActive') return 'partner_inactive';
  switch (error.code) {
    case 'ip_undetermined':
      return 'ip_not_allowed';
    case 'key_and_secret_required':
      return 'unauthorized';
    default:
      return error.code as VerdictCode;
  }
}
