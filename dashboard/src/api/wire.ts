import type { components, operations } from '../../../sdk/src/index.js';

type Schemas = components['schemas'];

export type SessionView = Schemas['SessionView'];
export type ApiKey = Schemas['ManagedKey'];
export type NewApiKey = Schemas['NewManagedKey'];
export type CreateApiKey = Schemas['CreateApiKeyDto'];
export type UpdateApiKey = Schemas['UpdateApiKeyDto'];
export type KeyState = ApiKey['state'];
export type SuspensionReason = NonNullable<ApiKey['suspension_reason']>;
export type ReplacedCredential = Schemas['ReplacedCredential'];
export type KeyUsage = Schemas['KeyUsageReport'];
export type UsageDay = Schemas['UsageDay'];
export type UsageHour = Schemas['UsageHour'];
export type ScopeCatalogue = Schemas['ScopeCatalogue'];
export type ScopeEntry = ScopeCatalogue['items'][number];
export type Service = Schemas['ServiceView'];
export type ServiceResource = Service['resources'][number];
export type ServiceRoute = Service['routes'][number];
export type ReachingKey = Service['keys'][number];
export type AuditEntry = Schemas['AuditEntryView'];
export type ActorType = NonNullable<NonNullable<operations['manageAudit.list']['parameters']['query']>['actor_type']>;
export type AuditParty = AuditEntry['actor'];
export type Member = Schemas['MemberView'];
export type Role = Schemas['RoleView'];
export type Agent = Schemas['Agent'];
export type OnExposed = 'revoke' | 'suspend' | 'tell';
export type Org = Schemas['ManagedOrg'] & {
  readonly expiry_notices: boolean;
  readonly idle_notices: boolean;
  /** What happens to a key that is found in public. */
  readonly on_exposed: OnExposed;
};
export type Finding = Schemas['KeySummary']['findings'][number] | 'exposed';
export type KeySummary = Omit<Schemas['KeySummary'], 'findings'> & { readonly findings: readonly Finding[] };
export type KeyOverview = Omit<Schemas['KeyOverview'], 'items'> & { readonly items: readonly KeySummary[] };
export type KeyHealth = Omit<Schemas['KeyHealth'], 'findings'> & {
  readonly findings: readonly (Omit<Schemas['KeyHealth']['findings'][number], 'code'> & { readonly code: Finding })[];
};
export type DeniedRequests = Schemas['DeniedRequests'];
export type LimitWindow = Schemas['LimitWindow'];
export type ScopeUses = Schemas['KeyScopeUse'];
export type ScopeUse = Schemas['ScopeUse'];
export type KeyCredential = Schemas['KeyCredentialView'];
/** A place where a credential of a key was found. */
export interface KeyExposure {
  readonly id: string;
  readonly reported_by: 'github' | 'holder';
  readonly url: string | null;
  /** GitHub's word for the kind of place. */
  readonly found_in: string | null;
  readonly action: 'revoked' | 'suspended' | 'credential_ended' | 'told';
  readonly created_at: string;
}
export interface KeyImport {
  readonly id: string;
  readonly name: string;
  readonly total: number;
  readonly used: number;
  /** Rounded down. */
  readonly used_percent: number;
  readonly created_at: string;
}

export type KeyPolicy = Schemas['KeyPolicyView'];
export type KeyPolicySettings = Schemas['KeyPolicySettings'];
/** The strictest rules, each with who set it. */
export type EffectivePolicy = Schemas['EffectiveKeyPolicy'];
export type PolicyRule = keyof EffectivePolicy;
export type PolicyLevel = NonNullable<EffectivePolicy[PolicyRule]>['set_by'];
/** A key that breaks rules. */
export type PolicyViolator = Schemas['PolicyViolator'];
export type PolicyPreview = Schemas['KeyPolicyPreview'];

export type SignatureKind = 'hmac' | 'ed25519';
export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly description: string | null;
  readonly is_enabled: boolean;
  /** Events, whole kinds of them such as `api_key.*`, or `*`. */
  readonly events: readonly string[];
  readonly signature: SignatureKind;
  readonly public_key: string | null;
  /** Null: it is enabled, or a person disabled it. */
  readonly disabled_reason: 'gone' | 'failing' | null;
  readonly previous_secret_expires_at: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}
export type WebhookSettings = Pick<Webhook, 'url' | 'description' | 'events' | 'is_enabled'>;
export type DeliveryStatus = 'pending' | 'delivered' | 'failed';
export interface WebhookDelivery {
  readonly id: string;
  readonly type: string;
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly response_status: number | null;
  readonly error: string | null;
  readonly next_attempt_at: string | null;
  readonly ended_at: string | null;
  readonly created_at: string;
  /** The newest ones, oldest first. */
  readonly attempt_log: readonly {
    readonly at: string;
    readonly duration_ms: number;
    readonly response_status: number | null;
    readonly error: string | null;
  }[];
  readonly payload: object | null;
}
export interface WebhookEventType {
  readonly type: string;
  readonly description: string;
}
