import { Agent } from './agents/agent.entity.js';
import { ApiKey } from './api-keys/api-key.entity.js';
import { KeyCredential } from './api-keys/key-credential.entity.js';
import { AuditEntry } from './audit/audit-entry.entity.js';
import { AuditHead } from './audit/audit-head.entity.js';
import { AuditKeyRow } from './audit/audit-key.entity.js';
import type { EntityClass } from './database/data-source.js';
import { Integration } from './integrations/integration.entity.js';
import { TypedEvent } from './events/event.entity.js';
import { FreedStorage, OrgStorage } from './files/org-storage.entity.js';
import { StoredFile } from './files/stored-file.entity.js';
import { IdempotencyRecord } from './idempotency/idempotency-record.entity.js';
import { LoginLink } from './login-links/login-link.entity.js';
import { MailBody } from './mail/mail-body.entity.js';
import { MailDomain } from './mail/mail-domain.entity.js';
import { MailMessage } from './mail/mail-message.entity.js';
import { Member } from './members/member.entity.js';
import { Role } from './orgs/role.entity.js';
import { User } from './members/user.entity.js';
import { AgentContactFile } from './open/contact-files/agent-contact-file.entity.js';
import { AgentContact } from './open/contacts/agent-contact.entity.js';
import { DocumentExtraction } from './open/document-extraction/document-extraction.entity.js';
import { Org } from './orgs/org.entity.js';
import { Partner } from './partners/partner.entity.js';
import { RESOURCES } from './resources/index.js';
import { Session } from './sessions/session.entity.js';
import { Installation } from './signing-keys/installation.entity.js';
import { SigningKey } from './signing-keys/signing-key.entity.js';
import { PooledNumber } from './whatsapp-numbers/pooled-number.entity.js';
import { KeyUsage } from './usage/key-usage.entity.js';
import { UsageFlush } from './usage/usage-flush.entity.js';

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
  Agent,
  ApiKey,
  KeyCredential,
  AuditKeyRow,
  AuditHead,
  AuditEntry,
  KeyUsage,
  UsageFlush,
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
