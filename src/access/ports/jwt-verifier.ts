/** Implemented by `tenancy/signing-keys/`. */
export abstract class JwtVerifier {
  /** Whether one of our keys signed this token, for the audience of its `typ`; says nothing of whether it was revoked. */
  abstract isSigned(token: string): Promise<boolean>;

  /** Whether memory knows already that none did: costs no query and no signature check. */
  abstract isKnownForgery(token: string): boolean;
}
