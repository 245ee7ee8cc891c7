import type { PrincipalAudience } from '../scopes/audience.js';
import type { IpAllowList } from '../network/ip-allow-list.js';
import type { KeyProfile } from './key-profile.js';
import type { UsageCounter } from './usage-counter.js';
import type { RateWindow } from '../rate-limit/rate-window.js';
import type { Retirement } from './retirement.js';
import type { RoleName } from '../scopes/roles.js';

export interface PrincipalFields {
  /** Public: the caller of a public webhook. */
  readonly audience: PrincipalAudience | 'public';
  /** The id of the key or the session. */
  readonly id: string;
  /** Of the key; sessions have none. */
  readonly credentialId?: string;
  /** The key's name, or the member's. */
  readonly name: string;
  /** The org that it acts in; partners have none. */
  readonly orgId?: string;
  /** The partner itself, or the one that owns the org. */
  readonly partnerId?: string;
  readonly partnerName?: string;
  /** The org's id at its partner. */
  readonly orgExternalId?: string;
  /** The service of a service key. */
  readonly serviceId?: string;
  /** With full access: the number of the newest service that it covers. */
  readonly coversServices?: number;
  readonly agentId?: string;
  readonly userId?: string;
  readonly roleName?: RoleName;
  /** False refuses the partner's keys, and keys and sessions of its orgs. */
  readonly partnerActive: boolean;
  /** Null: full access of its audience. */
  readonly scopes: ReadonlySet<string> | null;
  /** Undefined: any address. */
  readonly allowedIps?: IpAllowList;
  readonly allowedOrigins: readonly string[];
  /** Milliseconds since the epoch; Infinity: never. Checked on every request, cached or not. */
  readonly expiresAtMs: number;
  /** From when a policy that the key breaks refuses it; never before `expiresAtMs`. */
  readonly brokenFromMs?: number;
  /** Undefined: nothing replaced or ends the credential. */
  readonly retirement?: Retirement | undefined;
  /** The rate windows that each of its requests is charged to. */
  readonly windows: readonly RateWindow[];
  /** Domain events that something in the org waits for; undefined: unknown. */
  readonly awaitedEvents?: readonly string[];
  /** Sessions have no profile and no usage. */
  readonly profile?: KeyProfile;
  readonly usage?: UsageCounter;
}

/**
 * The result of authentication: everything that the guards need, computed once per cached credential. All requests of a
 * credential share it, so it holds no state of a request.
 */
export class Principal {
  readonly audience: PrincipalAudience | 'public';
  readonly id: string;
  readonly credentialId: string | undefined;
  readonly name: string;
  readonly partnerActive: boolean;
  readonly scopes: ReadonlySet<string> | null;
  readonly allowedIps: IpAllowList | undefined;
  readonly allowedOrigins: readonly string[];
  readonly expiresAtMs: number;
  readonly brokenFromMs: number;
  readonly retirement: Retirement | undefined;
  readonly windows: readonly RateWindow[];
  readonly #awaitedEvents: readonly string[] | undefined;
  readonly profile: KeyProfile | undefined;
  readonly usage: UsageCounter | undefined;
  readonly partnerName: string | undefined;
  readonly orgExternalId: string | undefined;
  readonly serviceId: string | undefined;
  readonly coversServices: number;
  readonly roleName: RoleName | undefined;
  readonly #orgId: string | undefined;
  readonly #partnerId: string | undefined;
  readonly #agentId: string | undefined;
  readonly #userId: string | undefined;

  constructor(fields: PrincipalFields) {
    this.audience = fields.audience;
    this.id = fields.id;
    this.credentialId = fields.credentialId;
    this.name = fields.name;
    this.partnerActive = fields.partnerActive;
    this.scopes = fields.scopes;
    this.allowedIps = fields.allowedIps;
    this.allowedOrigins = fields.allowedOrigins;
    this.expiresAtMs = fields.expiresAtMs;
    this.brokenFromMs = fields.brokenFromMs ?? Infinity;
    this.retirement = fields.retirement;
    this.windows = fields.windows;
    this.#awaitedEvents = fields.awaitedEvents;
    this.profile = fields.profile;
    this.usage = fields.usage;
    this.partnerName = fields.partnerName;
    this.orgExternalId = fields.orgExternalId;
    this.serviceId = fields.serviceId;
    this.coversServices = fields.coversServices ?? 0;
    this.roleName = fields.roleName;
    this.#orgId = fields.orgId;
    this.#partnerId = fields.partnerId;
    this.#agentId = fields.agentId;
    this.#userId = fields.userId;
  }

  /** Undefined: it acts in no org. */
  get boundOrgId(): string | undefined {
    return this.#orgId;
  }

  /** @throws Error for a partner, which is a bug of the caller */
  get orgId(): string {
    return this.#orgId ?? this.#missing('org');
  }

  /** Undefined: it has no partner. */
  get boundPartnerId(): string | undefined {
    return this.#partnerId;
  }

  get partnerId(): string {
    return this.#partnerId ?? this.#missing('partner');
  }

  get agentId(): string {
    return this.#agentId ?? this.#missing('agent');
  }

  get userId(): string {
    return this.#userId ?? this.#missing('user');
  }

  /** False: nothing in its org waits for the event. As fresh as the credential itself. */
  mayAwait(event: string): boolean {
    return this.#awaitedEvents?.includes(event) ?? true;
  }

  #missing(what: string): never {
    throw new Error(`A principal of audience ${this.audience} has no ${what}.`);
  }
}

/** The org of a change, for services that jobs call too. */
export type WithinOrg = Pick<Principal, 'orgId'>;
