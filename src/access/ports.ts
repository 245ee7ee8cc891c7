import type { PrincipalAudience } from './scopes/audience.js';
import type { RoleName } from './scopes/roles.js';

/** A key as `GET /whoami` shows it: the wire form of an ApiKey, less what only its managers see. */
export interface KeyProfile {
  readonly id: string;
  readonly org_id: string | null;
  readonly name: string;
  readonly description: string | null;
  readonly kind: string;
  readonly type: string;
  readonly access: 'full' | 'scoped';
  readonly scopes: readonly string[];
  readonly agent_id: string | null;
  readonly masked_key: string;
  /** The public half, of a key + secret only. */
  readonly api_key?: string | null;
  readonly allowed_ips: readonly string[];
  readonly allowed_origins: readonly string[];
  readonly acknowledged: boolean;
  readonly created_at: Date;
  readonly expires_at: Date | null;
}

/** A key as the guards need it, read with its owner and partner in one statement. */
export interface StoredKey {
  readonly audience: Exclude<PrincipalAudience, 'user'>;
  readonly profile: KeyProfile;
  /** The partner itself, or the one that owns the org. */
  readonly partnerId: string | null;
  readonly partnerName: string | null;
  readonly partnerActive: boolean;
  /** The addresses that bind it: the partner's for a partner key, else its own. */
  readonly allowedIps: readonly string[];
  readonly ratePerMinute: number | null;
  readonly ratePerHour: number | null;
  /** argon2id of the secret half; null for credentials without one. */
  readonly secretHash: string | null;
  /** Of the key or of this credential of it, whichever is first; milliseconds since the epoch, Infinity: never. */
  readonly expiresAtMs: number;
  /** When a newer credential of the key took the place of this one; null: it is the newest. */
  readonly rotatedAtMs: number | null;
  /** False: revoked, or its org is archived. */
  readonly isLive: boolean;
  /** Domain events that something in its org waits for. */
  readonly awaitedEvents: readonly string[];
}

export interface FoundKey {
  /** Undefined: no credential has this digest. */
  readonly key: StoredKey | undefined;
  /** The access version of the read's own snapshot (`freshness/`). */
  readonly version: number;
  /** The rows it rests on, as the triggers name them. */
  readonly tags: readonly string[];
}

/** Implemented by `api-keys/`. */
export abstract class KeyStore {
  /** @param digest SHA-256 of the whole token, or of the public half of a key + secret */
  abstract findByDigest(digest: string): Promise<FoundKey>;
}

/** What can be called by whoever knows its token. */
export interface Webhook {
  readonly orgId: string;
  /** Whether anybody may call it, or only a key of its org. */
  readonly isPublic: boolean;
  readonly partnerActive: boolean;
}

/** Implemented by `resources/workflows/`. */
export abstract class WebhookDirectory {
  /** Undefined: there is none, or it takes no calls now. */
  abstract find(token: string): Promise<Webhook | undefined>;
}

/** Implemented by `signing-keys/`. */
export abstract class JwtVerifier {
  /** Whether one of our keys signed this token, for the audience of its `typ`; says nothing of whether it was revoked. */
  abstract isSigned(token: string): Promise<boolean>;

  /** Whether memory knows already that none did: costs no query and no signature check. */
  abstract isKnownForgery(token: string): boolean;
}

/** One key's requests in this process that aren't stored yet. */
export interface UsageCounter {
  /** @param nowMs milliseconds since the epoch */
  countRequest(nowMs: number): void;
  /** Of a request that was counted: one of the guards after authentication refused it. */
  countRefusal(): void;
}

/** Implemented by `usage/`. */
export abstract class UsageMeter {
  /** A counter for one principal; several of one key add up. */
  abstract counterOf(key: Pick<KeyProfile, 'id' | 'org_id'>): UsageCounter;
}

export interface StoredSession {
  readonly sessionId: string;
  readonly userId: string;
  readonly name: string;
  readonly roleName: RoleName;
  readonly orgId: string;
  readonly partnerId: string | null;
  readonly partnerActive: boolean;
  readonly expiresAtMs: number;
}

/** Implemented by `sessions/`. */
export abstract class SessionStore {
  /** The live session of a cookie; undefined when it is unknown, over, or its member, role or org changed. */
  abstract find(token: string): Promise<StoredSession | undefined>;
}
