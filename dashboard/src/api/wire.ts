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
export type Org = Schemas['ManagedOrg'];
export type OnExposed = Org['on_exposed'];
export type KeyOverview = Schemas['KeyOverview'];
export type KeySummary = Schemas['KeySummary'];
export type KeyHealth = Schemas['KeyHealth'];
export type Finding = KeySummary['findings'][number];
export type DeniedRequests = Schemas['DeniedRequests'];
export type LimitWindow = Schemas['LimitWindow'];
export type ScopeUses = Schemas['KeyScopeUse'];
export type ScopeUse = Schemas['ScopeUse'];
export type KeyCredential = Schemas['KeyCredentialView'];
/** A place where a credential of a key was found. */
export type KeyExposure = Schemas['KeyExposureView'];
export type KeyImport = Schemas['KeyImportView'];

export type KeyPolicy = Schemas['KeyPolicyView'];
export type KeyPolicySettings = Schemas['KeyPolicySettings'];
/** The strictest rules, each with who set it. */
export type EffectivePolicy = Schemas['EffectiveKeyPolicy'];
export type PolicyRule = keyof EffectivePolicy;
export type PolicyLevel = NonNullable<EffectivePolicy[PolicyRule]>['set_by'];
/** A key that breaks rules. */
export type PolicyViolator = Schemas['PolicyViolator'];
export type PolicyPreview = Schemas['KeyPolicyPreview'];

export type Webhook = Schemas['ManagedWebhook'];
/** With a secret, which is shown once. */
export type NewWebhook = Schemas['NewManagedWebhook'];
export type NewWebhookSettings = Schemas['CreateManagedWebhookDto'];
export type WebhookSettings = Required<Schemas['UpdateManagedWebhookDto']>;
export type SignatureKind = Webhook['signature'];
export type WebhookDelivery = Schemas['ManagedWebhookDelivery'];
export type DeliveryStatus = WebhookDelivery['status'];
/** A tab that is older than the server gets events that it doesn't know. */
export type WebhookEventType = Schemas['WebhookEventType'] | { readonly type: string; readonly description: string };
