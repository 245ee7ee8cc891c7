import type { Examples } from './core/wire/examples.js';
import { managedWebhookExamples } from './api/webhooks/managed-webhooks.examples.js';
import { auditExamples } from './kit/audit/audit.examples.js';
import { leakExamples } from './insight/leaks/leaks.examples.js';
import { keyHealthExamples } from './insight/health/key-health.examples.js';
import { usageExamples } from './kit/usage/usage.examples.js';
import { agentExamples } from './tenancy/agents/agents.examples.js';
import { apiKeyExamples } from './tenancy/api-keys/api-keys.examples.js';
import { keyPolicyExamples } from './tenancy/key-policies/key-policies.examples.js';
import { keyImportExamples } from './tenancy/key-imports/key-imports.examples.js';
import { integrationExamples } from './tenancy/integrations/integrations.examples.js';
import { loginLinkExamples } from './tenancy/login-links/login-links.examples.js';
import { memberExamples } from './tenancy/members/members.examples.js';
import { orgExamples } from './tenancy/orgs/orgs.examples.js';
import { sessionExamples } from './tenancy/sessions/sessions.examples.js';
import { signingKeyExamples } from './tenancy/signing-keys/signing-keys.examples.js';
import { whatsAppNumberExamples } from './tenancy/whatsapp-numbers/whatsapp-numbers.examples.js';
import { handoffAnalyticsExamples } from './resources/analytics/handoff-analytics/handoff-analytics.examples.js';
import { requestExamples } from './insight/request-log/requests.examples.js';
import { insightExamples } from './resources/analytics/insights/insights.examples.js';
import { slaAnalyticsExamples } from './resources/analytics/sla-analytics/sla-analytics.examples.js';
import { usageAnalyticsExamples } from './resources/analytics/usage-analytics/usage-analytics.examples.js';
import { actionCredentialExamples } from './resources/automation/action-credentials/action-credentials.examples.js';
import { actionExamples } from './resources/automation/actions/actions.examples.js';
import { webhookExamples } from './resources/automation/webhooks/webhooks.examples.js';
import { workflowExamples } from './resources/automation/workflows/workflows.examples.js';
import { autopilotExamples } from './resources/conversations/autopilot/autopilot.examples.js';
import { chatSessionExamples } from './resources/conversations/chat-sessions/chat-sessions.examples.js';
import { csatExamples } from './resources/conversations/csat/csat.examples.js';
import { mediaExamples } from './resources/conversations/media/media.examples.js';
import { redactionExamples } from './resources/conversations/redaction/redaction.examples.js';
import { slaPolicyExamples } from './resources/conversations/sla-policies/sla-policies.examples.js';
import { trainingExamples } from './resources/conversations/training/training.examples.js';
import { whatsAppExamples } from './resources/conversations/whatsapp/whatsapp.examples.js';
import { widgetExamples } from './resources/conversations/widget/widget.examples.js';
import { blocklistExamples } from './resources/directory/blocklist/blocklist.examples.js';
import { contactExamples } from './resources/directory/contacts/contacts.examples.js';
import { officeHoursExamples } from './resources/directory/office-hours/office-hours.examples.js';
import { tagExamples } from './resources/directory/tags/tags.examples.js';
import { teamExamples } from './resources/directory/teams/teams.examples.js';
import { crawlExamples } from './resources/knowledge/crawl/crawl.examples.js';
import { helpCenterExamples } from './resources/knowledge/help-center/help-center.examples.js';
import { knowledgeBaseExamples } from './resources/knowledge/knowledge-bases/knowledge-bases.examples.js';
import { emailExamples } from './resources/outreach/email/email.examples.js';
import { leadExamples } from './resources/outreach/leads/leads.examples.js';
import { sequenceExamples } from './resources/outreach/sequences/sequences.examples.js';
import { unsubscribeExamples } from './resources/outreach/unsubscribe/unsubscribe.examples.js';
import { callExamples } from './resources/voice/calls/calls.examples.js';
import { phoneExamples } from './resources/voice/phone/phone.examples.js';
import { sipExamples } from './resources/voice/sip/sip.examples.js';
import { doorExamples } from './gateway/doors/doors.examples.js';
import { serviceExamples } from './gateway/services/services.examples.js';
import { contactFileExamples } from './api/agent-api/contact-files/contact-files.examples.js';
import { agentContactExamples } from './api/agent-api/contacts/agent-contacts.examples.js';
import { documentExtractionExamples } from './api/agent-api/document-extraction/document-extraction.examples.js';
import { eventExamples } from './api/event-ingest/events.examples.js';
import { manageExamples } from './api/manage/manage.examples.js';
import { operatorApiExamples } from './api/operator-api/operator-api.examples.js';
import { checkExamples } from './insight/check/check.examples.js';
import { credentialUseExamples } from './insight/credential-use/credential-use.examples.js';
import { scopeUseExamples } from './insight/scope-use/scope-use.examples.js';
import { operationsExamples } from './operations/operations.examples.js';

/** The examples in the API document, of every feature. */
export const EXAMPLE_CATALOGUE: readonly Examples[] = [
  auditExamples,
  managedWebhookExamples,
  usageExamples,
  keyHealthExamples,
  leakExamples,
  agentExamples,
  apiKeyExamples,
  keyPolicyExamples,
  keyImportExamples,
  integrationExamples,
  loginLinkExamples,
  memberExamples,
  orgExamples,
  sessionExamples,
  signingKeyExamples,
  whatsAppNumberExamples,
  handoffAnalyticsExamples,
  requestExamples,
  insightExamples,
  slaAnalyticsExamples,
  usageAnalyticsExamples,
  actionCredentialExamples,
  actionExamples,
  webhookExamples,
  workflowExamples,
  autopilotExamples,
  chatSessionExamples,
  csatExamples,
  mediaExamples,
  redactionExamples,
  slaPolicyExamples,
  trainingExamples,
  whatsAppExamples,
  widgetExamples,
  blocklistExamples,
  contactExamples,
  officeHoursExamples,
  tagExamples,
  teamExamples,
  crawlExamples,
  helpCenterExamples,
  knowledgeBaseExamples,
  emailExamples,
  leadExamples,
  sequenceExamples,
  unsubscribeExamples,
  callExamples,
  phoneExamples,
  sipExamples,
  doorExamples,
  serviceExamples,
  contactFileExamples,
  agentContactExamples,
  documentExtractionExamples,
  eventExamples,
  manageExamples,
  operatorApiExamples,
  checkExamples,
  scopeUseExamples,
  credentialUseExamples,
  operationsExamples,
];
