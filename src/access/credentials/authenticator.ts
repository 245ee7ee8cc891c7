import type { Config } from '../../core/config/config.js';
import { hasEnded } from '../../core/validation/instant.js';
import { admits, type Audience } from '../scopes/audience.js';
import type { AuthFailures } from './auth-failures.js';
import { BoundedMap } from '../../core/cache/bounded-map.js';
import {
  digestOf,
  isToken64Hex,
  isWellFormedOpaqueKey,
  isWellFormedPairKey,
  isWellFormedPairSecret,
} from './credential-format.js';
import type { CredentialCache, Filled } from '../freshness/credential-cache.js';
import type { FoundKey, KeyStore, StoredKey } from '../ports/key-store.js';
import type { JwtVerifier } from '../ports/jwt-verifier.js';
import type { SessionStore } from '../ports/session-store.js';
import type { UsageMeter } from '../ports/usage-meter.js';
import { presentedCredential, type PresentedCredential } from './presented-credential.js';
import type { Principal } from '../principal/principal.js';
import { principalOfKey, principalOfSession } from './resolve-principal.js';
import type { GuardedRequest } from '../principal/request.js';
import type { SecretVerifier } from './secret-verifier.js';
import { unauthorized } from './unauthorized.js';

type PresentedKey = Exclude<PresentedCredential, { kind: 'session' }>;

/** The cached result for a credential; null: refused. */
export type Verdict = Principal | null;

/** Digests of sessions that were valid when last looked up. */
const GOOD_SESSIONS_MAX = 10_000;

const JWT = /^eyJ[\w-]+\.[\w-]+\.[\w-]{86}$/;

/**
 * Turns the credential of a request into a principal. Answers a cached credential synchronously, without SQL, signature
 * check or argon2. Every refusal has the same body (S0).
 */
export class Authenticator {
  readonly #goodSessions = new BoundedMap<string, true>(GOOD_SESSIONS_MAX);

  constructor(
    private readonly config: Pick<Config, 'keyPrefix' | 'keyEnvironment' | 'limits'>,
    private readonly cookieName: string,
    private readonly cache: CredentialCache<Verdict>,
    private readonly keys: KeyStore,
    private readonly jwts: JwtVerifier,
    private readonly secrets: SecretVerifier,
    private readonly sessions: SessionStore,
    private readonly failures: AuthFailures,
    private readonly meter: UsageMeter,
  ) {}

  /**
   * @throws AppError unauthorized or key_and_secret_required (401); rate_limited (429) after too many failures;
   *   verification_busy, database_unavailable (503)
   */
  authenticate(request: GuardedRequest, audience: Audience): Principal | Promise<Principal> {
    const presented = presentedCredential(request.headers, audience, this.cookieName);
    if (presented === undefined) throw unauthorized(audience, false);
    if (presented.kind === 'session') return this.#session(presented.token, request);

    const digest =
      presented.kind === 'bearer' ? digestOf(presented.token) : digestOf(`${presented.key}\0${presented.secret}`);
    const verdict = this.cache.peek(digest);
    if (verdict !== undefined) return admit(verdict, audience);
    return this.#verify(presented, digest, audience, request);
  }

  /** Throws synchronously where it can: a rejected promise costs more, and floods consist of refusals. */
  #verify(presented: PresentedKey, digest: string, audience: Audience, request: GuardedRequest): Promise<Principal> {
    if (!this.#isWellFormed(presented) || this.#isKnownForgery(presented)) throw unauthorized(audience, true);
    const { network } = request.client;
    this.failures.throwIfTooMany(network);
    const load = async () => {
      const filled = await this.failures.attempt(
        network,
        () => this.#lookUp(presented, digest),
        (result) => result === undefined || result.value === null,
      );
      // A bad signature read no row, so the refusal has no version to be cached with.
      if (filled === undefined) throw unauthorized(audience, true);
      return filled;
    };
    return this.cache.fill(digest, load).then((verdict) => admit(verdict, audience));
  }

  /** Refuses malformed tokens without a query. */
  #isWellFormed(presented: PresentedKey): boolean {
    const { keyPrefix, keyEnvironment } = this.config;
    if (presented.kind === 'pair') {
      return isWellFormedPairKey(presented.key, keyPrefix) && isWellFormedPairSecret(presented.secret, keyPrefix);
    }
    return isWellFormedOpaqueKey(presented.token, keyPrefix, keyEnvironment) || JWT.test(presented.token);
  }

  #isKnownForgery(presented: PresentedKey): boolean {
    return presented.kind === 'bearer' && JWT.test(presented.token) && this.jwts.isKnownForgery(presented.token);
  }

  /**
   * Undefined: a JWT that this server didn't sign. Doesn't depend on the route, because requests to several routes can
   * share one look-up; the caller checks the audience afterwards.
   */
  async #lookUp(presented: PresentedKey, digest: string): Promise<Filled<Verdict> | undefined> {
    if (presented.kind === 'pair') {
      const found = await this.keys.findByDigest(digestOf(presented.key));
      return this.#filled(found, await this.#isSecretOf(found.key, presented.secret));
    }
    // The signature comes first (RFC 8725). The row is still required, so a stolen signing key alone forges nothing.
    if (JWT.test(presented.token) && !(await this.jwts.isSigned(presented.token))) return undefined;
    const found = await this.keys.findByDigest(digest);
    // The public half of a key with a secret has a digest too, but is not a bearer token.
    return this.#filled(found, found.key?.secretHash === null);
  }

  async #isSecretOf(key: StoredKey | undefined, secret: string): Promise<boolean> {
    if (!key?.isLive || key.secretHash === null || hasEnded(key.expiresAtMs)) return false;
    return this.secrets.matches(secret, key.secretHash, key.profile.id);
  }

  #filled({ key, version, tags }: FoundKey, isProven: boolean): Filled<Verdict> {
    // A wrong secret is cached briefly, like an unknown key: guessed secrets must not evict valid keys.
    if (!isProven) return { version, tags: [], value: null };
    return { version, tags, value: key?.isLive ? principalOfKey(key, this.config.limits, this.meter) : null };
  }

  async #session(token: string, request: GuardedRequest): Promise<Principal> {
    if (!isToken64Hex(token)) throw unauthorized('user', true);
    const digest = digestOf(token);
    const find = () => this.sessions.find(token);
    // Known-good sessions skip the per-address failure limit, which other clients behind the address can exhaust.
    const session = this.#goodSessions.has(digest)
      ? await find()
      : await this.failures.attempt(request.client.network, find, (found) => found === undefined);
    if (session === undefined) {
      this.#goodSessions.delete(digest);
      throw unauthorized('user', true);
    }
    this.#goodSessions.set(digest, true);
    return principalOfSession(session, this.config.limits);
  }
}

/** Compared with the clock on every request, so that an expiry needs no invalidation. */
function admit(verdict: Verdict, audience: Audience): Principal {
  const nowMs = Date.now();
  if (verdict === null || !admits(audience, verdict.audience) || hasEnded(verdict.expiresAtMs, nowMs)) {
    throw unauthorized(audience, true);
  }
  verdict.usage?.countRequest(nowMs);
  return verdict;
}
