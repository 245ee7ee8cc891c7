import type { IncomingHttpHeaders } from 'node:http';
import { type AskedRequest, type Judged, type Judgement, type Judgements } from '../../access/decision/judgements.js';
import type { DecidingGuard } from '../../access/errors/refusal-reasons.js';
import type { Refusals } from '../../access/guards/refusals.js';
import { type Client, resolveClient } from '../../access/network/client-ip.js';
import { IpNetworkSet } from '../../access/network/ip-address.js';
import type { KeyStore, StoredKey } from '../../access/ports/key-store.js';
import type { Principal } from '../../access/principal/principal.js';
import type { Limits } from '../../core/config/config.js';
import type { AppError, FieldProblem } from '../../core/errors/app-error.js';
import { notFound } from '../../core/errors/core-errors.js';
import { invalidRequest } from '../../core/errors/invalid-request.js';
import type { AskedRoute, AskedRoutes } from './asked-routes.js';
import type { CheckRequestDto, CheckedGuard, CheckView, GuardAnswer } from './check.dto.js';
import { type MessageSubject, passMessage, skipMessage, takenMessage } from './guard-messages.js';
import { mendsOf } from './mends.js';

const NO_PROXIES = new IpNetworkSet([]);
const NOWHERE: Client = { address: undefined, network: 'unknown' };

/** The names of the guards in answers and in the request log. */
const NAMES: Readonly<Record<DecidingGuard, CheckedGuard>> = {
  Authentication: 'authentication',
  Network: 'network',
  PartnerActive: 'partner_active',
  RateLimit: 'rate_limit',
  Scope: 'scope',
};

/** A question about a key, and where it was refused. */
interface Asked extends AskedRoute, MessageSubject {
  readonly key: StoredKey;
  readonly request: AskedRequest;
}

/** Says what the guards would answer to a request of a key, and what would mend a refusal. */
export class KeyChecks {
  constructor(
    private readonly keys: KeyStore,
    private readonly routes: AskedRoutes,
    private readonly judgements: Judgements,
    private readonly refusals: Refusals,
    private readonly limits: Limits,
  ) {}

  /** @throws AppError not_found (404), invalid_request (400) */
  async checkOfOrg(orgId: string, keyId: string, dto: CheckRequestDto): Promise<CheckView> {
    const key = await this.#keyOrThrow(keyId, dto);
    if (key.profile.org_id !== orgId) throw notFound('API key');
    return this.#check(key, dto);
  }

  /** Any key, for the operator. @throws AppError not_found (404), invalid_request (400) */
  async checkAny(keyId: string, dto: CheckRequestDto): Promise<CheckView> {
    return this.#check(await this.#keyOrThrow(keyId, dto), dto);
  }

  /**
   * A key about itself, with the credential that it called with.
   * @param origin of the call, unless the question names another one
   * @throws AppError invalid_request (400)
   */
  async checkSelf(
    caller: Principal,
    client: Client,
    origin: string | undefined,
    dto: CheckRequestDto,
  ): Promise<CheckView> {
    const asked = {
      ...dto,
      ip: dto.ip ?? client.address ?? null,
      origin: dto.origin ?? origin ?? null,
      credential_id: dto.credential_id ?? caller.credentialId ?? null,
    };
    return this.#check(await this.#keyOrThrow(caller.id, asked), asked);
  }

  async #keyOrThrow(keyId: string, { credential_id }: CheckRequestDto): Promise<StoredKey> {
    const key = await this.keys.findById(keyId, credential_id ?? undefined);
    if (key === undefined) throw notFound(credential_id == null ? 'API key' : 'Credential');
    return key;
  }

  async #check(key: StoredKey, dto: CheckRequestDto): Promise<CheckView> {
    const request = requestOf(key, dto);
    const asked = await this.#routeOf(key, dto, request.client);
    const judged = await this.judgements.of(key, request, asked.demands);
    return this.#answer({ ...asked, ...judged, key, request }, judged);
  }

  async #routeOf(key: StoredKey, dto: CheckRequestDto, client: Client): Promise<AskedRoute> {
    assertOneQuestion(dto);
    const service = dto.service ?? undefined;
    if (dto.scope != null) {
      return this.routes.byScope(dto.scope, service, key.audience === 'agent' ? 'agent' : 'org');
    }
    const [method, path] = [dto.method!, dto.path!];
    if (service !== undefined) return this.routes.byPathOfService(service, method, path);
    return this.routes.byPath(method, path, client.network);
  }

  #answer(asked: Asked, { judgements }: Judged): CheckView {
    const { problem } = asked;
    const settled = judgements.map((judgement): Judgement =>
      problem !== undefined && judgement.guard === this.#guardOf(problem)
        ? { guard: judgement.guard, result: 'refuse', error: problem }
        : judgement,
    );
    const decisive = problem ?? settled.find(({ error }) => error !== undefined)?.error;
    const guards = settled.map((judgement) => this.#guardAnswer(judgement, asked));
    const refusing = guards.find(({ reason }) => reason !== null);
    return {
      allowed: decisive === undefined,
      at: new Date(asked.request.atMs).toISOString(),
      status: decisive?.definition.status ?? 200,
      message: this.#messageOf(problem) ?? refusing?.message ?? 'The guards let the request pass.',
      route: asked.route,
      guards,
      mends: guards.flatMap(({ reason }) => (reason === null ? [] : mendsOf(reason, this.#mendedOf(asked)))),
    };
  }

  #guardAnswer(judgement: Judgement, asked: Asked): GuardAnswer {
    const { guard, result, error } = judgement;
    const name = { guard: NAMES[guard], result };
    if (error === undefined) {
      const message = result === 'pass' ? passMessage(guard, asked) : skipMessage(judgement, asked);
      return { ...name, reason: null, message };
    }
    // Errors of the server's own routing, such as 404, refuse no credential.
    const { reason, message } = this.refusals.of(error) ?? { reason: 'no_route', message: error.message };
    const isOtherKind = reason === 'credential_missing' || reason === 'audience_mismatch';
    return { ...name, reason, message: isOtherKind ? takenMessage(asked.demands) : message };
  }

  /** Errors of routing are answered where scopes are. */
  #guardOf(problem: AppError): DecidingGuard {
    return this.refusals.of(problem)?.guard ?? 'Scope';
  }

  /** The reason of a refusal, which the caller isn't told. */
  #messageOf(problem: AppError | undefined): string | undefined {
    return problem && (this.refusals.of(problem)?.message ?? problem.message);
  }

  #mendedOf({ key, demands, request, charged, service }: Asked) {
    const { address } = request.client;
    const { origin } = request.headers;
    return {
      key,
      demands,
      limits: this.limits,
      ...(address !== undefined && { address }),
      ...(origin !== undefined && { origin }),
      ...(charged !== undefined && { charged }),
      ...(service !== undefined && { service }),
    };
  }
}

/** @throws AppError invalid_request (400) */
function assertOneQuestion({ method, path, scope }: CheckRequestDto): void {
  const problems: FieldProblem[] = [];
  if (scope != null) {
    if (path != null) problems.push({ field: 'scope', message: 'scope cannot be given with path' });
  } else if (path == null) {
    problems.push({ field: 'path', message: 'path is required where there is no scope' });
  }
  if (path != null && method == null) problems.push({ field: 'method', message: 'method is required with path' });
  if (problems.length > 0) throw invalidRequest(problems);
}

/** The request as a client with the key sends it. The credential is a stand-in: it is the key's by assumption. */
function requestOf({ profile }: StoredKey, { method, ip, origin, at }: CheckRequestDto): AskedRequest {
  const headers: IncomingHttpHeaders =
    profile.kind === 'key_secret' ? { 'x-api-key': 'key', 'x-api-secret': 'secret' } : { authorization: 'Bearer key' };
  if (origin != null) headers.origin = origin;
  return {
    method: method ?? 'GET',
    headers,
    client: ip == null ? NOWHERE : resolveClient(ip, undefined, NO_PROXIES),
    atMs: at == null ? Date.now() : Date.parse(at),
  };
}
