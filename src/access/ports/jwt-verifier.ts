/** Implemented by `tenancy/signing-keys/`. */
export abstract class JwtVerifier {
  /** Whether a key of this server signed the token for the audience of its `typ`. A signed token may be revoked. */
  abstract isSigned(token: string): Promise<boolean>;

  /** Whether the cache knows that none did, without a query or a signature check. */
  abstract isKnownForgery(token: string): boolean;
}
