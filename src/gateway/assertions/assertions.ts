import { Injectable } from '@nestjs/common';
import type { Principal } from '../../access/principal/principal.js';
import { SigningKeys } from '../../tenancy/signing-keys/signing-keys.service.js';

/** Seconds until an assertion expires. */
const LIFE_SECONDS = 60;
/** An assertion with less time left is replaced. */
const LEFT_SECONDS_MIN = 30;

interface Signed {
  readonly token: string;
  readonly expiresAtSeconds: number;
}

/** What an assertion says besides its issuer, audience and times. */
export interface AssertionClaims {
  readonly [name: string]: string;
}

/**
 * Short-lived JWTs (RFC 7519) that tell a service who called, for services that don't trust their network. Signed once per
 * principal and service and used until half a minute is left, so that a warm request signs nothing.
 */
@Injectable()
export class Assertions {
  readonly #signed = new WeakMap<Principal, Map<string, Signed | Promise<Signed>>>();

  constructor(private readonly signingKeys: SigningKeys) {}

  /**
   * Synchronous while a signed one has half a minute left.
   * @param service its slug, the `aud`
   * @param claims the same for each call of a principal and a service
   */
  for(principal: Principal, service: string, claims: () => AssertionClaims): string | Promise<string> {
    let byService = this.#signed.get(principal);
    if (byService === undefined) this.#signed.set(principal, (byService = new Map()));
    const known = byService.get(service);
    if (known instanceof Promise) return known.then(({ token }) => token);
    if (known !== undefined && isUsable(known)) return known.token;
    const signing = this.#sign(service, claims());
    byService.set(service, signing);
    const settle = (outcome: Signed | undefined) => {
      if (byService.get(service) !== signing) return;
      if (outcome === undefined) byService.delete(service);
      else byService.set(service, outcome);
    };
    signing.then(settle, () => settle(undefined));
    return signing.then(({ token }) => token);
  }

  async #sign(service: string, claims: AssertionClaims): Promise<Signed> {
    const issuedAtSeconds = Math.floor(Date.now() / 1000);
    const expiresAtSeconds = issuedAtSeconds + LIFE_SECONDS;
    const token = await this.signingKeys.signAssertion(service, claims, { issuedAtSeconds, expiresAtSeconds });
    return { token, expiresAtSeconds };
  }
}

/** False also after the clock was set back: the `iat` would be in the future. */
function isUsable({ expiresAtSeconds }: Signed): boolean {
  const leftSeconds = expiresAtSeconds - Date.now() / 1000;
  return leftSeconds >= LEFT_SECONDS_MIN && leftSeconds <= LIFE_SECONDS;
}
