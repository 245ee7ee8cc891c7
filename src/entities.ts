import { Agent } from './tenancy/agents/agent.entity.js';
import { ApiKey } from './tenancy/api-keys/api-key.entity.js';
import { KeyCredential } from './tenancy/api-keys/key-credential.entity.js';
import { KeyPolicy } from './tenancy/key-policies/key-policy.entity.js';
import { AuditEntry } from './kit/audit/audit-entry.entity.js';
import { AuditHead } from './kit/audit/audit-head.entity.js';
import { AuditKeyRow } from './kit/audit/audit-key.entity.js';
import { AuditExportPosition, AuditExportSink } from './kit/audit/export/audit-export.entity.js';
import type { EntityClass } from './core/database/data-source.js';
import { Integration } from './tenancy/integrations/integration.entity.js';
import { TypedEvent } from './api/event-ingest/event.entity.js';
import { FreedStorage, OrgStorage } from './kit/files/org-storage.entity.js';
import { StoredFile } from './kit/files/stored-file.entity.js';
import { IdempotencyRecord } from './kit/idempotency/idempotency-record.entity.js';
import { ImportedKey } from './tenancy/key-imports/imported-key.entity.js';
import { KeyImport } from './tenancy/key-imports/key-import.entity.js';
import { LoginLink } from './tenancy/login-links/login-link.entity.js';
import { MailBody } from './kit/mailer/mail-body.entity.js';
import { MailDomain } from './kit/mailer/mail-domain.entity.js';
import { MailMessage } from './kit/mailer/mail-message.entity.js';
import { Member } from './tenancy/members/member.entity.js';
import { Role } from './tenancy/orgs/role.entity.js';
import { User } from './tenancy/members/user.entity.js';
import { AgentContactFile } from './api/agent-api/contact-files/agent-contact-file.entity.js';
import { AgentContact } from './api/agent-api/contacts/agent-contact.entity.js';
import { DocumentExtraction } from './api/agent-api/document-extraction/document-extraction.entity.js';
import { Org } from './tenancy/orgs/org.entity.js';
import { Partner } from './tenancy/partners/partner.entity.js';
import { RESOURCES } from './resources/index.js';
import { Service, ServiceResourceRow } from './tenancy/services/service.entity.js';
import { Session } from './tenancy/sessions/session.entity.js';
import { Installation } from './tenancy/signing-keys/installation.entity.js';
import { SigningKey } from './tenancy/signing-keys/signing-key.entity.js';
import { PooledNumber } from './tenancy/whatsapp-numbers/pooled-number.entity.js';
import { CredentialUse } from './kit/usage/credential-use.entity.js';
import { KeyRefusals } from './kit/usage/key-refusals.entity.js';
import { KeyScopeUses } from './kit/usage/key-scope-uses.entity.js';
import { KeyUsage } from './kit/usage/key-usage.entity.js';
import { KeyActivity } from './insight/health/key-activity.entity.js';
import { KeyDeadline } from './insight/key-notices/key-deadline.entity.js';
import { KeyNotice } from './insight/key-notices/key-notice.entity.js';
import { KeyExposure } from './insight/leaks/key-exposure.entity.js';
import { RequestLogEntry } from './insight/request-log/request-log-entry.entity.js';
import { UsageFlush } from './kit/usage/usage-flush.entity.js';

/** Every table the server owns, parents first. */
export const ENTITIES: readonly EntityClass[] = [
  Installation,
  SigningKey,
  Partner,
  Org,
  PooledNumber,
  User,
  Role,
  Member,
  Session,
  LoginLink,
  Service,
  ServiceResourceRow,
  Agent,
  ApiKey,
  KeyCredential,
  KeyPolicy,
  KeyImport,
  ImportedKey,
  KeyExposure,
  AuditKeyRow,
  AuditHead,
  AuditExportSink,
  AuditExportPosition,
  AuditEntry,
  KeyUsage,
  UsageFlush,
  KeyRefusals,
  KeyScopeUses,
  CredentialUse,
  RequestLogEntry,
  KeyActivity,
  KeyDeadline,
  KeyNotice,
  IdempotencyRecord,
  StoredFile,
  OrgStorage,
  FreedStorage,
  MailDomain,
  MailBody,
  MailMessage,
  Integration,
  TypedEvent,
  ...RESOURCES.flatMap(({ entities }) => entities),
  AgentContact,
  AgentContactFile,
  DocumentExtraction,
];
