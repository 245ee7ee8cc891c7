import type { Resource } from '../kit/crud/define-resource.js';
import { actions } from './automation/actions/actions.controller.js';
import { agents } from './directory/agent-list/agents.controller.js';
import { analytics } from './analytics/usage-analytics/analytics.controller.js';
import { autopilot } from './conversations/autopilot/autopilot.controller.js';
import { blockedContacts } from './directory/blocklist/blocked-contacts.controller.js';
import { blockedDomains } from './directory/blocklist/blocked-domains.controller.js';
import { calls } from './voice/calls/calls.controller.js';
import { chatSessions } from './conversations/chat-sessions/chat-sessions.controller.js';
import { contacts } from './directory/contacts/contacts.controller.js';
import { crawl } from './knowledge/crawl/crawl.controller.js';
import { csat } from './conversations/csat/csat.controller.js';
import { email } from './outreach/email/email.controller.js';
import { handoffAnalytics } from './analytics/handoff-analytics/handoff-analytics.controller.js';
import { helpCenter } from './knowledge/help-center/help-center.controller.js';
import { insights } from './analytics/insights/insights.controller.js';
import { knowledgeBases } from './knowledge/knowledge-bases/knowledge-bases.controller.js';
import { leads } from './outreach/leads/leads.controller.js';
import { media } from './conversations/media/media.controller.js';
import { officeHours } from './directory/office-hours/office-hours.controller.js';
import { org } from './directory/own-org/org.controller.js';
import { phone } from './voice/phone/phone.controller.js';
import { redaction } from './conversations/redaction/redaction.controller.js';
import { sequences } from './outreach/sequences/sequences.controller.js';
import { sip } from './voice/sip/sip.controller.js';
import { slaAnalytics } from './analytics/sla-analytics/sla-analytics.controller.js';
import { slaPolicies } from './conversations/sla-policies/sla-policies.controller.js';
import { tags } from './directory/tags/tags.controller.js';
import { teams } from './directory/teams/teams.controller.js';
import { training } from './conversations/training/training.controller.js';
import { whatsapp } from './conversations/whatsapp/whatsapp.controller.js';
import { widget } from './conversations/widget/widget.controller.js';
import { workflows } from './automation/workflows/workflows.controller.js';

/** Every scoped resource: a line here, a folder, a line in the scope catalogue and a migration make one. */
export const RESOURCES: readonly Resource[] = [
  actions,
  agents,
  analytics,
  autopilot,
  blockedContacts,
  blockedDomains,
  calls,
  contacts,
  chatSessions,
  crawl,
  csat,
  email,
  handoffAnalytics,
  helpCenter,
  insights,
  knowledgeBases,
  leads,
  media,
  officeHours,
  org,
  phone,
  redaction,
  sequences,
  sip,
  slaAnalytics,
  slaPolicies,
  tags,
  teams,
  training,
  whatsapp,
  widget,
  workflows,
];
