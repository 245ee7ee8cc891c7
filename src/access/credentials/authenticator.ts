import type { Config } from '../../core/config/config.js';
import { hasEnded } from '../../core/validation/instant.js';
import type { Audience } from '../scopes/audience.js';
import type { AuthFailures } from './auth-failures.js';
import { AuthenticationFailure } from './authentication-failure.js';
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
import type { ImportedCredentials } from './imported-credentials.js';
import type { JwtVerifier } from '../ports/jwt-verifier.js';
import type { SessionStore } from '../ports/session-store.js';
import type { UsageMeter } from '../ports/usage-meter.js';
import { presentedCredential, type PresentedCredential } from './presented-credential.js';
import { Principal } from '../principal/principal.js';
import { principalOfSession } from './resolve-principal.js';
import type { GuardedRequest } from '../principal/guarded-request.js';
import type { RefusalReason } from '../errors/refusal-reasons.js';
import type { SecretVerifier } from './secret-verifier.js';
import { unauthorized } from './unauthorized.js';
import { absentCredential, admitted, reasonOfExpiry, type Verdict, verdictOf } from './verdict.js';

type PresentedKey = Exclude<PresentedCredential, { kind: 'session' }>;
type PresentedBearer = Extract<PresentedCredential, { kind: 'bearer' }>;

/** Digests of sessions that were valid when last looked up. */
const GOOD_SESSIONS_MAX = 10_000;

const MALFORMED = new AuthenticationFailure('credential_malformed');
const ORG_SUSPENDED = new AuthenticationFailure('org_suspended');
const UNKNOWN = new AuthenticationFailure('credential_unknown');

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
    private readonly imported: ImportedCredentials,
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
    if (presented === undefined) throw absentCredential(request, audience);
    if (presented.kind === 'session') return this.#session(presented.token, request);

    const digest =
      presented.kind === 'bearer' ? digestOf(presented.token) : digestOf(`${presented.key}\0${presented.secret}`);
    const verdict = this.cache.peek(digest);
    if (verdict !== undefined) return this.#admit(verdict, audience, request);
    return this.#verify(presented, digest, audience, request);
  }

  /** Throws synchronously where it can: a rejected promise costs more, and floods consist of refusals. */
  #verify(presented: PresentedKey, digest: string, audience: Audience, request: GuardedRequest): Promise<Principal> {
    const isWellFormed = this.#isWellFormed(presented);
    const isExpected = isWellFormed || (presented.kind === 'bearer' && this.imported.isDeclared(presented.token));
    if (isExpected === false) throw unauthorized(audience, true, MALFORMED);
    if (this.#isKnownForgery(presented)) throw unauthorized(audience, true, UNKNOWN);
    const { network } = request.client;
    this.failures.throwIfTooMany(network);
    const lookUp = isWellFormed
      ? () => this.#lookUp(presented, digest)
      : () => this.#lookUpImported((presented as PresentedBearer).token, digest);
    const load = async () => {
      if (!(await isExpected)) throw unauthorized(audience, true, MALFORMED);
      const filled = await this.failures.attempt(network, lookUp, (result) => !(result?.value instanceof Principal));
      // A bad signature read no row, so the refusal has no version to be cached with.
      if (filled === undefined) throw unauthorized(audience, true, UNKNOWN);
      return filled;
    };
    return this.cache.fill(digest, load).then((verdict) => this.#admit(verdict, audience, request));
  }

  /** Whether the token has a form of this server's credentials. */
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
      return this.#filled(found, found.key && (await this.#refuseSecret(found.key, presented.secret)));
    }
    // The signature comes first (RFC 8725). The row is still required, so a stolen signing key alone forges nothing.
    if (JWT.test(presented.token) && !(await this.jwts.isSigned(presented.token))) return undefined;
    const found = await this.keys.findByDigest(digest);
    // The public half of a key with a secret has a digest too, but is not a bearer token.
    return this.#filled(found, found.key?.secretHash == null ? undefined : 'audience_mismatch');
  }

  /** For a token that only an import declares. */
  async #lookUpImported(token: string, digest: string): Promise<Filled<Verdict>> {
    const refuse = (key: StoredKey, secret: string) => this.#refuseSecret(key, secret);
    const { found, unproven } = await this.imported.find(token, digest, refuse);
    return this.#filled(found, unproven);
  }

  /** Why the secret isn't accepted; undefined: it is the key's. No argon2 for a key that refuses it anyway. */
  async #refuseSecret(key: StoredKey, secret: string): Promise<RefusalReason | undefined> {
    if (key.secretHash === null) return 'audience_mismatch';
    if (key.endedBy !== null) return key.endedBy;
    if (hasEnded(key.expiresAtMs)) return reasonOfExpiry(key.profile, Date.now());
    if (key.suspendedBy !== null) return key.suspendedBy;
    return (await this.secrets.matches(secret, key.secretHash, key.profile.id)) ? undefined : 'secret_wrong';
  }

  /** @param unproven why the caller may not be the owner of the key; undefined: it is */
  async #filled({ key, version, tags }: FoundKey, unproven: RefusalReason | undefined): Promise<Filled<Verdict>> {
    if (key === undefined) return { version, tags: [], value: null };
    // Cached briefly, without tags, like an unknown key: guessed secrets must not evict valid keys.
    if (unproven !== undefined) {
      return { version, tags: [], value: AuthenticationFailure.ofKey(unproven, key, this.meter.counterOf(key)) };
    }
    const value = verdictOf(key, this.config.limits, this.meter);
    // Before the request is admitted, so that no crash in between can leave the replaced credentials without an end.
    if (key.awaitsFirstUse && value instanceof Principal && !hasEnded(key.expiresAtMs))
      await this.keys.startOverlap(key);
    return { version, tags, value };
  }

  #admit(verdict: Verdict, audience: Audience, request: GuardedRequest): Principal {
    const nowMs = Date.now();
    const principal = admitted(verdict, audience, nowMs);
    principal.usage?.countRequest(nowMs, request);
    return principal;
  }

  async #session(token: string, request: GuardedRequest): Promise<Principal> {
    if (!isToken64Hex(token)) throw unauthorized('user', true, MALFORMED);
    const digest = digestOf(token);
    const find = () => this.sessions.find(token);
    // Known-good sessions skip the per-address failure limit, which other clients behind the address can exhaust.
    const session = this.#goodSessions.has(digest)
      ? await find()
      : await this.failures.attempt(request.client.network, find, (found) => found === undefined);
    if (session === undefined) {
      this.#goodSessions.delete(digest);
      throw unauthorized('user', true, UNKNOWN);
    }
    this.#goodSessions.set(digest, true);
    if (session.orgSuspended) throw unauthorized('user', true, ORG_SUSPENDED);
    return principalOfSession(session, this.config.limits);
  }
}
