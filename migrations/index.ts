import type { MigrationInterface } from 'typeorm';
import { Access1763800000001 } from './0001-access.js';
import { Freshness1763800000002 } from './0002-freshness.js';
import { Audit1763800000003 } from './0003-audit.js';
import { FirstResources1763800000004 } from './0004-first-resources.js';
import { Usage1763800000005 } from './0005-usage.js';
import { Idempotency1763800000006 } from './0006-idempotency.js';
import { TeamsHoursBlocklist1763800000007 } from './0007-teams-hours-blocklist.js';
import { Integrations1763800000008 } from './0008-integrations.js';
import { AgentsAndRotation1763800000010 } from './0010-agents-and-rotation.js';
import { Events1763800000011 } from './0011-events.js';
import { Retention1763800000015 } from './0015-retention.js';
import { Files1763800000016 } from './0016-files.js';
import { AgentContacts1763800000017 } from './0017-agent-contacts.js';
import { DocumentExtractions1763800000018 } from './0018-document-extractions.js';
import { Conversations1763800000020 } from './0020-conversations.js';
import { WhatComesOfConversations1763800000021 } from './0021-what-comes-of-conversations.js';
import { Sla1763800000022 } from './0022-sla.js';
import { Training1763800000023 } from './0023-training.js';
import { KnowledgeBases1763800000024 } from './0024-knowledge-bases.js';
import { HelpCenter1763800000025 } from './0025-help-center.js';
import { Media1763800000026 } from './0026-media.js';
import { Crawl1763800000027 } from './0027-crawl.js';
import { Mail1763800000028 } from './0028-mail.js';
import { Sequences1763800000029 } from './0029-sequences.js';
import { Phone1763800000030 } from './0030-phone.js';
import { Sip1763800000031 } from './0031-sip.js';
import { CallsAndLeads1763800000032 } from './0032-calls-and-leads.js';
import { Widget1763800000033 } from './0033-widget.js';
import { WhatsApp1763800000034 } from './0034-whatsapp.js';
import { Autopilot1763800000035 } from './0035-autopilot.js';
import { Actions1763800000036 } from './0036-actions.js';
import { Workflows1763800000037 } from './0037-workflows.js';
import { PhoneAgentActions1763800000039 } from './0039-phone-agent-actions.js';
import { AttachmentLinks1763800000040 } from './0040-attachment-links.js';
import { StorageTotals1763800000042 } from './0042-storage-totals.js';
import { WhoActivated1763800000045 } from './0045-who-activated.js';
import { WhatsAppNumberPool1763800000046 } from './0046-whatsapp-number-pool.js';
import { InstantsInYears1763800000048 } from './0048-instants-in-years.js';
import { UserIdsOfOneOrg1763800000049 } from './0049-user-ids-of-one-org.js';
import { IdsInLowerCase1763800000050 } from './0050-ids-in-lower-case.js';
import { ConfirmLoginLinks1763800000051 } from './0051-confirm-login-links.js';
import { AuditKeys1763800000052 } from './0052-audit-keys.js';
import { SearchText1763800000058 } from './0058-search-text.js';
import { CanonicalAddresses1763800000060 } from './0060-canonical-addresses.js';
import { CanonicalTagNames1763800000061 } from './0061-canonical-tag-names.js';
import { SessionLink1763800000063 } from './0063-session-link.js';
import { SequenceOutcomes1763800000064 } from './0064-sequence-outcomes.js';
import { MergeFields1763800000065 } from './0065-merge-fields.js';
import { SignedMail1763800000066 } from './0066-signed-mail.js';
import { Outcomes1763800000067 } from './0067-outcomes.js';
import { ActiveWorkflows1763800000068 } from './0068-active-workflows.js';
import { InboundNumbers1763800000069 } from './0069-inbound-numbers.js';
import { ActionCredentials1763800000070 } from './0070-action-credentials.js';
import { Webhooks1763800000071 } from './0071-webhooks.js';
import { HelpCenterLanguages1763800000072 } from './0072-help-center-languages.js';
import { ReplyDue1763800000076 } from './0076-reply-due.js';
import { BlocksByAddress1763800000077 } from './0077-blocks-by-address.js';
import { FilterIndexes1763800000078 } from './0078-filter-indexes.js';
import { HandoffsEnd1763800000080 } from './0080-handoffs-end.js';
import { ReplyAddresses1763800000081 } from './0081-reply-addresses.js';
import { AttachedFiles1763800000085 } from './0085-attached-files.js';
import { Services1763800000086 } from './0086-services.js';
import { RequestLog1763800000087 } from './0087-request-log.js';
import { KeyUse1763800000088 } from './0088-key-use.js';
import { KeyHealth1763800000089 } from './0089-key-health.js';
import { RequestLogFilters1763800000091 } from './0091-request-log-filters.js';
import { LoginLinkPath1763800000092 } from './0092-login-link-path.js';
import { KeyControl1763800000093 } from './0093-key-control.js';
import { OrgSuspenders1763800000094 } from './0094-org-suspenders.js';
import { OverlapFromFirstUse1763800000095 } from './0095-overlap-from-first-use.js';
import { KeyLabels1763800000096 } from './0096-key-labels.js';
import { KeyPolicies1763800000097 } from './0097-key-policies.js';
import { WebhookOwners1763800000098 } from './0098-webhook-owners.js';
import { KeyNotices1763800000100 } from './0100-key-notices.js';
import { KeyExposures1763800000101 } from './0101-key-exposures.js';
import { KeyImports1763800000102 } from './0102-key-imports.js';
import { KeysRingWhenRead1763800000103 } from './0103-keys-ring-when-read.js';
import { FileStores1763800000106 } from './0106-file-stores.js';
import { MonthBounds1763800000109 } from './0109-month-bounds.js';
import { ValidatedMonthBounds1763800000110 } from './0110-validated-month-bounds.js';
import { Months1763800000111 } from './0111-months.js';
import { AuditExport1763800000112 } from './0112-audit-export.js';
import { EndedSessionsRing1763800000113 } from './0113-ended-sessions-ring.js';
import { RequestsOfMonth1763800000114 } from './0114-requests-of-month.js';

/** All migrations, in order. An unlisted file does not run. */
export const MIGRATIONS: (new () => MigrationInterface)[] = [
  Access1763800000001,
  Freshness1763800000002,
  Audit1763800000003,
  FirstResources1763800000004,
  Usage1763800000005,
  Idempotency1763800000006,
  TeamsHoursBlocklist1763800000007,
  Integrations1763800000008,
  AgentsAndRotation1763800000010,
  Events1763800000011,
  Retention1763800000015,
  Files1763800000016,
  AgentContacts1763800000017,
  DocumentExtractions1763800000018,
  Conversations1763800000020,
  WhatComesOfConversations1763800000021,
  Sla1763800000022,
  Training1763800000023,
  KnowledgeBases1763800000024,
  HelpCenter1763800000025,
  Media1763800000026,
  Crawl1763800000027,
  Mail1763800000028,
  Sequences1763800000029,
  Phone1763800000030,
  Sip1763800000031,
  CallsAndLeads1763800000032,
  Widget1763800000033,
  WhatsApp1763800000034,
  Autopilot1763800000035,
  Actions1763800000036,
  Workflows1763800000037,
  PhoneAgentActions1763800000039,
  AttachmentLinks1763800000040,
  StorageTotals1763800000042,
  WhoActivated1763800000045,
  WhatsAppNumberPool1763800000046,
  InstantsInYears1763800000048,
  UserIdsOfOneOrg1763800000049,
  IdsInLowerCase1763800000050,
  ConfirmLoginLinks1763800000051,
  AuditKeys1763800000052,
  SearchText1763800000058,
  CanonicalAddresses1763800000060,
  CanonicalTagNames1763800000061,
  SessionLink1763800000063,
  SequenceOutcomes1763800000064,
  MergeFields1763800000065,
  SignedMail1763800000066,
  Outcomes1763800000067,
  ActiveWorkflows1763800000068,
  InboundNumbers1763800000069,
  ActionCredentials1763800000070,
  Webhooks1763800000071,
  HelpCenterLanguages1763800000072,
  ReplyDue1763800000076,
  BlocksByAddress1763800000077,
  FilterIndexes1763800000078,
  HandoffsEnd1763800000080,
  ReplyAddresses1763800000081,
  AttachedFiles1763800000085,
  Services1763800000086,
  RequestLog1763800000087,
  KeyUse1763800000088,
  KeyHealth1763800000089,
  RequestLogFilters1763800000091,
  LoginLinkPath1763800000092,
  KeyControl1763800000093,
  OrgSuspenders1763800000094,
  OverlapFromFirstUse1763800000095,
  KeyLabels1763800000096,
  KeyPolicies1763800000097,
  WebhookOwners1763800000098,
  KeyNotices1763800000100,
  KeyExposures1763800000101,
  KeyImports1763800000102,
  KeysRingWhenRead1763800000103,
  FileStores1763800000106,
  MonthBounds1763800000109,
  ValidatedMonthBounds1763800000110,
  Months1763800000111,
  AuditExport1763800000112,
  EndedSessionsRing1763800000113,
  RequestsOfMonth1763800000114,
];
