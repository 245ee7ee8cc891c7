import type { Resource } from '../kit/crud/define-resource.js';
import { actionCredentials } from './automation/action-credentials/action-credentials.resource.js';
import { actions } from './automation/actions/actions.resource.js';
import { agentList } from './directory/agent-list/agent-list.resource.js';
import { autopilot } from './conversations/autopilot/autopilot.resource.js';
import { blocklist } from './directory/blocklist/blocklist.resource.js';
import { calls } from './voice/calls/calls.resource.js';
import { chatSessions } from './conversations/chat-sessions/chat-sessions.resource.js';
import { contacts } from './directory/contacts/contacts.resource.js';
import { crawl } from './knowledge/crawl/crawl.resource.js';
import { csat } from './conversations/csat/csat.resource.js';
import { email } from './outreach/email/email.resource.js';
import { emailReplies } from './conversations/email-replies/email-replies.resource.js';
import { handoffAnalytics } from './analytics/handoff-analytics/handoff-analytics.resource.js';
import { helpCenter } from './knowledge/help-center/help-center.resource.js';
import { insights } from './analytics/insights/insights.resource.js';
import { knowledgeBases } from './knowledge/knowledge-bases/knowledge-bases.resource.js';
import { leads } from './outreach/leads/leads.resource.js';
import { media } from './conversations/media/media.resource.js';
import { officeHours } from './directory/office-hours/office-hours.resource.js';
import { ownOrg } from './directory/own-org/own-org.resource.js';
import { phone } from './voice/phone/phone.resource.js';
import { redaction } from './conversations/redaction/redaction.resource.js';
import { sequences } from './outreach/sequences/sequences.resource.js';
import { sip } from './voice/sip/sip.resource.js';
import { slaAnalytics } from './analytics/sla-analytics/sla-analytics.resource.js';
import { slaPolicies } from './conversations/sla-policies/sla-policies.resource.js';
import { tags } from './directory/tags/tags.resource.js';
import { teams } from './directory/teams/teams.resource.js';
import { training } from './conversations/training/training.resource.js';
import { unsubscribe } from './outreach/unsubscribe/unsubscribe.resource.js';
import { usageAnalytics } from './analytics/usage-analytics/usage-analytics.resource.js';
import { webhooks } from './automation/webhooks/webhooks.resource.js';
import { whatsapp } from './conversations/whatsapp/whatsapp.resource.js';
import { widget } from './conversations/widget/widget.resource.js';
import { workflows } from './automation/workflows/workflows.resource.js';

/** Every scoped resource: a line here, a folder, a line in the scope catalogue and a migration make one. */
export const RESOURCES: readonly Resource[] = [
  actionCredentials,
  actions,
  agentList,
  autopilot,
  blocklist,
  calls,
  chatSessions,
  contacts,
  crawl,
  csat,
  email,
  emailReplies,
  handoffAnalytics,
  helpCenter,
  insights,
  knowledgeBases,
  leads,
  media,
  officeHours,
  ownOrg,
  phone,
  redaction,
  sequences,
  sip,
  slaAnalytics,
  slaPolicies,
  tags,
  teams,
  training,
  unsubscribe,
  usageAnalytics,
  webhooks,
  whatsapp,
  widget,
  workflows,
];
