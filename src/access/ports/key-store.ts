import type { KeyProfile } from '../principal/key-profile.js';
import type { PrincipalAudience } from '../scopes/audience.js';

/** A key for the guards, read with its owner and partner in one statement. */
export interface StoredKey {
  /** The id of the credential that has the digest. */
  readonly credentialId: string;
  readonly audience: Exclude<PrincipalAudience, 'user'>;
  readonly profile: KeyProfile;
  /** The partner itself, or the one that owns the org. */
  readonly partnerId: string | null;
  readonly partnerName: string | null;
  readonly partnerActive: boolean;
  /** The org's id at its partner. */
  readonly orgExternalId: string | null;
  /** The service of a service key. */
  readonly serviceId: string | null;
  /** With full access: the number of the newest service that it covers. */
  readonly coversServices: number;
  /** The partner's addresses for a partner key, else the key's own. */
  readonly allowedIps: readonly string[];
  readonly ratePerMinute: number | null;
  readonly ratePerHour: number | null;
  /** argon2id of the secret half; null for credentials without one. */
  readonly secretHash: string | null;
  /** The earlier expiry of the key and of this credential; milliseconds since the epoch, Infinity: never. */
  readonly expiresAtMs: number;
  /** When a newer credential of the key replaced this one; null: it is the newest. */
  readonly rotatedAtMs: number | null;
  /** Its first use starts the grace period of the credentials that it replaced. */
  readonly awaitsFirstUse: boolean;
  /** Why it can never be used; null: it is live. */
  readonly endedBy: 'key_revoked' | 'org_archived' | 'credential_replaced' | null;
  /** Why it can't be used until a resumption; null: nothing is suspended. */
  readonly suspendedBy: 'key_suspended' | 'org_suspended' | null;
  /** The rules of enforced policies that it breaks. */
  readonly brokenRules: readonly EnforcedRule[];
  /** Domain events that something in its org waits for. */
  readonly awaitedEvents: readonly string[];
}

/** A rule that a key breaks, and from when that refuses it. */
export interface EnforcedRule {
  /** @example full_access_forbidden */
  readonly rule: string;
  /** Whose policy it is of. */
  readonly set_by: 'installation' | 'partner' | 'org';
  /** Milliseconds since the epoch. */
  readonly fromMs: number;
}

export interface FoundKey {
  /** Undefined: no credential has this digest. */
  readonly key: StoredKey | undefined;
  /** The access version of the snapshot (`freshness/`). */
  readonly version: number;
  /** The rows it depends on, named as the triggers name them. */
  readonly tags: readonly string[];
}

/** Implemented by `tenancy/api-keys/`. */
export abstract class KeyStore {
  /** @param digest SHA-256 of the whole token, or of the public half of a key with a secret */
  abstract findByDigest(digest: string): Promise<FoundKey>;

  /**
   * Starts the grace period of the credentials that this one replaced. To be called before its first request is
   * admitted; later calls change nothing. Once it returns, every process knows their end.
   */
  abstract startOverlap(key: StoredKey): Promise<void>;

  /**
   * Reads a key as it is stored now, for questions about it.
   * @param credentialId undefined: its newest credential
   */
  abstract findById(keyId: string, credentialId?: string): Promise<StoredKey | undefined>;
}
