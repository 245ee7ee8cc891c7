import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import {
  exportJWK,
  generateKeyPair,
  importJWK,
  jwtVerify,
  SignJWT,
  type CryptoKey,
  type JWK,
  decodeProtectedHeader,
} from 'jose';
import { BoundedMap } from '../../core/cache/bounded-map.js';
import { digestOf } from '../../access/credentials/credential-format.js';
import { JwtVerifier } from '../../access/ports/jwt-verifier.js';
import { Changes } from '../../kit/audit/changes.js';
import type { Actor } from '../../kit/audit/actor.js';
import { Database } from '../../core/database/database.js';
import { RecentRead } from '../../core/database/recent-read.js';
import { uuidV7 } from '../../core/database/uuid-v7.js';
import { SecretBox } from '../../core/encryption/secret-box.js';
import { Installation } from './installation.entity.js';
import { SigningKey } from './signing-key.entity.js';

const ALGORITHM = 'EdDSA';
/** The additional data of the encrypted private keys. */
export const SIGNING_KEY_PURPOSE = 'signing_keys.private_jwk';
const VERIFIED_MAX = 10_000;
/** How long an unknown key id is cached, so that invented ids don't cost a query each. */
const UNKNOWN_KID_MS = 1_000;
const KIDS_MAX = 1_000;
/** How long a new key of another process may be missing from the key set. Its JWTs are verified at once. */
const JWKS_KEPT_MS = 1_000;
/** How long clients may cache the key set, and as long again for slow clocks and proxies. */
const JWKS_CACHED_MS = 600_000;
/** How long a signing key is used without reading the table again. */
const ASSERTION_KEY_KEPT_MS = 30_000;
/** The form of key ids; others, such as one with a NUL that Postgres refuses, are unknown. */
const KID = /^[\w-]{1,64}$/;

const JWT_AUDIENCES = ['partner', 'org'] as const;
export type JwtAudience = (typeof JWT_AUDIENCES)[number];

interface SigningKeyPair {
  readonly kid: string;
  readonly key: CryptoKey;
}

interface KnownKid {
  /** Undefined: no such key at the look-up. */
  readonly key: CryptoKey | undefined;
  /** Monotonic milliseconds. */
  readonly readAt: number;
}

/** Signs and verifies partner and org JWTs with Ed25519 keys, rotated by `kid` (RFC 7519, 8037, 8725). */
@Injectable()
export class SigningKeys extends JwtVerifier {
  readonly #kids = new BoundedMap<string, KnownKid>(KIDS_MAX);
  // The validity of a signature never changes, so this needs no lease.
  readonly #verified = new BoundedMap<string, boolean>(VERIFIED_MAX);
  readonly #publicJwks = new RecentRead(JWKS_KEPT_MS, async () => {
    const keys = await this.database.dataSource.manager.find(SigningKey, {
      select: { kid: true, public_jwk: true },
      order: { created_at: 'DESC' },
    });
    return keys.map((key) => key.public_jwk);
  });
  readonly #assertionKey = new RecentRead(ASSERTION_KEY_KEPT_MS, () => this.#publishedKey());
  #issuer: string | undefined;

  constructor(
    private readonly database: Database,
    private readonly secretBox: SecretBox,
    private readonly changes: Changes,
  ) {
    super();
  }

  /** Signs a JWT without `exp`, because the expiry of its row can change. */
  async sign(audience: JwtAudience, subject: string): Promise<string> {
    const { kid, key } = await this.#currentKey();
    return new SignJWT()
      .setProtectedHeader({ alg: ALGORITHM, kid, typ: `${audience}+jwt` })
      .setIssuer(await this.issuer())
      .setAudience(audience)
      .setSubject(subject)
      .setJti(randomUUID())
      .setIssuedAt()
      .sign(key);
  }

  /**
   * Signs a statement about a caller, for the service that it called. It is no credential here.
   * @param service the `aud`
   */
  async signAssertion(
    service: string,
    claims: Readonly<Record<string, string>>,
    { issuedAtSeconds, expiresAtSeconds }: { issuedAtSeconds: number; expiresAtSeconds: number },
  ): Promise<string> {
    const { kid, key } = await this.#assertionKey.get();
    return new SignJWT(claims)
      .setProtectedHeader({ alg: ALGORITHM, kid, typ: 'gatehouse-assertion+jwt' })
      .setIssuer(await this.issuer())
      .setAudience(service)
      .setIssuedAt(issuedAtSeconds)
      .setExpirationTime(expiresAtSeconds)
      .sign(key);
  }

  override async isSigned(token: string): Promise<boolean> {
    const fact = digestOf(token);
    const known = this.#verified.get(fact);
    if (known !== undefined) return known;
    const { kid, audience } = claimedHeader(token);
    const key = audience && (await this.#publicKey(kid));
    if (!key) return false;
    const isSigned = await jwtVerify(token, key, {
      algorithms: [ALGORITHM],
      typ: `${audience}+jwt`,
      audience,
      issuer: await this.issuer(),
      requiredClaims: ['sub', 'jti', 'iat'],
    }).then(
      () => true,
      () => false,
    );
    this.#verified.set(fact, isSigned);
    return isSigned;
  }

  override isKnownForgery(token: string): boolean {
    const known = this.#verified.get(digestOf(token));
    if (known !== undefined) return !known;
    const { kid, audience } = claimedHeader(token);
    return kid === undefined || audience === undefined || this.#isKnownMissing(kid);
  }

  /** The `iss` of JWTs: an id from the first start, not a URL, because URLs change. */
  async issuer(): Promise<string> {
    if (this.#issuer === undefined) {
      const { manager } = this.database.dataSource;
      await manager.createQueryBuilder().insert().into(Installation).values({ id: uuidV7() }).orIgnore().execute();
      this.#issuer = (await manager.findOneByOrFail(Installation, { one: true })).id;
    }
    return this.#issuer;
  }

  /** All public keys as a JWK set (RFC 7517). */
  async jwks(): Promise<{ keys: object[] }> {
    return { keys: await this.#publicJwks.get() };
  }

  /** Adds a key that signs from now on; older keys still verify. Returns its `kid`. */
  async rotate(actor: Actor): Promise<string> {
    const kid = await this.changes.change(actor, async (manager, record) => {
      const key = await this.#generate();
      await manager.insert(SigningKey, key);
      record({
        action: 'signing_key.created',
        orgId: null,
        target: { type: 'signing_key', id: null, name: key.kid },
      });
      return key.kid;
    });
    this.#publicJwks.forget();
    return kid;
  }

  async #currentKey(): Promise<SigningKeyPair> {
    return this.#pairOf((await this.#newest()) ?? (await this.#firstKey()));
  }

  /** The newest key that caches of the key set know, else the oldest. */
  async #publishedKey(): Promise<SigningKeyPair> {
    const rows = await this.database.manager.find(SigningKey, {
      select: { kid: true, private_jwk_encrypted: true, created_at: true },
      order: { created_at: 'DESC', kid: 'DESC' },
    });
    const publishedBy = Date.now() - JWKS_CACHED_MS;
    const row = rows.find(({ created_at }) => created_at.getTime() <= publishedBy) ?? rows.at(-1);
    return this.#pairOf(row ?? (await this.#firstKey()));
  }

  async #pairOf(row: SigningKey): Promise<SigningKeyPair> {
    const jwk = JSON.parse(this.secretBox.open(row.private_jwk_encrypted, SIGNING_KEY_PURPOSE)) as JWK;
    return { kid: row.kid, key: (await importJWK(jwk, ALGORITHM)) as CryptoKey };
  }

  #newest(): Promise<SigningKey | null> {
    return this.database.manager.findOne(SigningKey, {
      select: { kid: true, private_jwk_encrypted: true },
      where: {},
      order: { created_at: 'DESC', kid: 'DESC' },
    });
  }

  async #firstKey(): Promise<SigningKey> {
    await this.database.dataSource.manager.insert(SigningKey, await this.#generate());
    this.#publicJwks.forget();
    return (await this.#newest())!;
  }

  async #generate(): Promise<Pick<SigningKey, 'kid' | 'public_jwk' | 'private_jwk_encrypted'>> {
    const kid = randomUUID();
    const pair = await generateKeyPair(ALGORITHM, { crv: 'Ed25519', extractable: true });
    const publicJwk = { ...(await exportJWK(pair.publicKey)), kid, alg: ALGORITHM, use: 'sig' };
    const privateJwk = JSON.stringify(await exportJWK(pair.privateKey));
    return { kid, public_jwk: publicJwk, private_jwk_encrypted: this.secretBox.seal(privateJwk, SIGNING_KEY_PURPOSE) };
  }

  async #publicKey(kid: string | undefined): Promise<CryptoKey | undefined> {
    if (kid === undefined || this.#isKnownMissing(kid)) return undefined;
    const known = this.#kids.get(kid);
    if (known?.key) return known.key;
    const row = await this.database.dataSource.manager.findOneBy(SigningKey, { kid });
    const key = row ? ((await importJWK(row.public_jwk, ALGORITHM)) as CryptoKey) : undefined;
    this.#kids.set(kid, { key, readAt: performance.now() });
    return key;
  }

  #isKnownMissing(kid: string): boolean {
    const known = this.#kids.get(kid);
    return known !== undefined && !known.key && performance.now() - known.readAt < UNKNOWN_KID_MS;
  }
}

/** The unverified header and audience of a token; undefined if this server can't have signed it. */
function claimedHeader(token: string): { kid?: string | undefined; audience?: JwtAudience | undefined } {
  try {
    const { kid, typ } = decodeProtectedHeader(token);
    const audience = JWT_AUDIENCES.find((each) => typ === `${each}+jwt`);
    return { kid: typeof kid === 'string' && KID.test(kid) ? kid : undefined, audience };
  } catch {
    // Not a JWT: refused like a token of another server.
    return {};
  }
}
