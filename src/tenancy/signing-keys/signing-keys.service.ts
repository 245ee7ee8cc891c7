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
/** What the sealed private halves are bound to. */
export const SIGNING_KEY_PURPOSE = 'signing_keys.private_jwk';
const JUDGED_MAX = 10_000;
/** A key id that isn't ours is looked for again only after this, so that made-up ones don't cost a query each. */
const UNKNOWN_KID_MS = 1_000;
const KIDS_MAX = 1_000;
/** How long another process's new key may be missing from the key set. Its JWTs are verified at once all the same. */
const JWKS_KEPT_MS = 1_000;
/** Anything else, such as a NUL that Postgres can't look for, is none of ours. */
const KID = /^[\w-]{1,64}$/;

const JWT_AUDIENCES = ['partner', 'org'] as const;
export type JwtAudience = (typeof JWT_AUDIENCES)[number];

interface KnownKid {
  /** Undefined: no such key when it was looked for. */
  readonly key: CryptoKey | undefined;
  /** Monotonic milliseconds. */
  readonly readAt: number;
}

/** Signs and verifies partner and org JWTs with Ed25519 keys that rotate by `kid` (RFC 7519, 8037, 8725). */
@Injectable()
export class SigningKeys extends JwtVerifier {
  readonly #kids = new BoundedMap<string, KnownKid>(KIDS_MAX);
  // A signature that fits once fits for ever, so this needs no lease.
  readonly #judged = new BoundedMap<string, boolean>(JUDGED_MAX);
  readonly #publicJwks = new RecentRead(JWKS_KEPT_MS, async () => {
    const keys = await this.database.dataSource.manager.find(SigningKey, {
      select: { kid: true, public_jwk: true },
      order: { created_at: 'DESC' },
    });
    return keys.map((key) => key.public_jwk);
  });
  #issuer: string | undefined;

  constructor(
    private readonly database: Database,
    private readonly secretBox: SecretBox,
    private readonly changes: Changes,
  ) {
    super();
  }

  /** A JWT without `exp`: its row decides, so that an edited expiry counts. */
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

  override async isSigned(token: string): Promise<boolean> {
    const fact = digestOf(token);
    const judged = this.#judged.get(fact);
    if (judged !== undefined) return judged;
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
    this.#judged.set(fact, isSigned);
    return isSigned;
  }

  override isKnownForgery(token: string): boolean {
    const judged = this.#judged.get(digestOf(token));
    if (judged !== undefined) return !judged;
    const { kid, audience } = claimedHeader(token);
    return kid === undefined || audience === undefined || this.#isKnownMissing(kid);
  }

  /** The `iss` of our JWTs: an id made at first start, never a URL, for URLs change. */
  async issuer(): Promise<string> {
    if (this.#issuer === undefined) {
      const { manager } = this.database.dataSource;
      await manager.createQueryBuilder().insert().into(Installation).values({ id: uuidV7() }).orIgnore().execute();
      this.#issuer = (await manager.findOneByOrFail(Installation, { one: true })).id;
    }
    return this.#issuer;
  }

  /** Every public key that still verifies, as a JWK set (RFC 7517). */
  async jwks(): Promise<{ keys: object[] }> {
    return { keys: await this.#publicJwks.get() };
  }

  /** A new key signs from now on; the older ones go on verifying what they signed. Returns its `kid`. */
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

  async #currentKey(): Promise<{ kid: string; key: CryptoKey }> {
    const row = (await this.#newest()) ?? (await this.#firstKey());
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

/** What a token says of itself, to be believed of nobody; undefined where it is nothing that we would write. */
function claimedHeader(token: string): { kid?: string | undefined; audience?: JwtAudience | undefined } {
  try {
    const { kid, typ } = decodeProtectedHeader(token);
    const audience = JWT_AUDIENCES.find((each) => typ === `${each}+jwt`);
    return { kid: typeof kid === 'string' && KID.test(kid) ? kid : undefined, audience };
  } catch {
    // Not a JWT after all: as unknown as one that another server signed.
    return {};
  }
}
