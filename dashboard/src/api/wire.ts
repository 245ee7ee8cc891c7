import type { components, operations } from '../../../sdk/src/index.js';

type Schemas = components['schemas'];

export type SessionView = Schemas['SessionView'];
export type ApiKey = Schemas['ManagedKey'];
export type NewApiKey = Schemas['NewManagedKey'];
export type CreateApiKey = Schemas['CreateApiKeyDto'];
export type UpdateApiKey = Schemas['UpdateApiKeyDto'];
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
export type Org = Schemas['OwnOrg'];
