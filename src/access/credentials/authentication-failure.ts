import type { RefusalReason } from '../errors/refusal-reasons.js';
import type { StoredKey } from '../ports/key-store.js';
import type { UsageCounter } from '../principal/usage-counter.js';
import type { Principal } from '../principal/principal.js';

/** A known credential that doesn't work, or not here. */
export interface RefusedCredential {
  readonly keyId: string;
  readonly credentialId: string;
  readonly orgId?: string;
  readonly partnerId?: string;
  readonly serviceId?: string;
}

/** Why authentication failed. The 401 is the same for all reasons; this is for the key's owner and the log. */
export class AuthenticationFailure {
  constructor(
    readonly reason: RefusalReason,
    /** Undefined: the credential belongs to no key, or the key isn't the cause. */
    readonly credential?: RefusedCredential,
    /** Of the credential's key. */
    readonly usage?: UsageCounter,
  ) {}

  static ofKey(reason: RefusalReason, { profile, ...key }: StoredKey, usage: UsageCounter): AuthenticationFailure {
    return new AuthenticationFailure(
      reason,
      {
        keyId: profile.id,
        credentialId: key.credentialId,
        ...(profile.org_id !== null && { orgId: profile.org_id }),
        ...(key.partnerId !== null && { partnerId: key.partnerId }),
        ...(key.serviceId !== null && { serviceId: key.serviceId }),
      },
      usage,
    );
  }

  /** @param principal of a key */
  static ofPrincipal(reason: RefusalReason, principal: Principal): AuthenticationFailure {
    const { id, credentialId, boundOrgId, boundPartnerId, serviceId, usage } = principal;
    if (credentialId === undefined) return new AuthenticationFailure(reason);
    return new AuthenticationFailure(
      reason,
      {
        keyId: id,
        credentialId,
        ...(boundOrgId !== undefined && { orgId: boundOrgId }),
        ...(boundPartnerId !== undefined && { partnerId: boundPartnerId }),
        ...(serviceId !== undefined && { serviceId }),
      },
      usage,
    );
  }
}
