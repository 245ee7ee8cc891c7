import type { Resource } from '../resource-kit/define-resource.js';
import { actions } from './actions/actions.controller.js';
import { agents } from './agents/agents.controller.js';
import { analytics } from './analytics/analytics.controller.js';
import { autopilot } from './autopilot/autopilot.controller.js';
import { blockedContacts } from './blocklist/blocked-contacts.controller.js';
import { blockedDomains } from './blocklist/blocked-domains.controller.js';
import { calls } from './calls/calls.controller.js';
import { chatSessions } from './chat-sessions/chat-sessions.controller.js';
import { contacts } from './contacts/contacts.controller.js';
import { crawl } from './crawl/crawl.controller.js';
import { csat } from './csat/csat.controller.js';
import { email } from './email/email.controller.js';
import { handoffAnalytics } from './handoff-analytics/handoff-analytics.controller.js';
import { helpCenter } from './help-center/help-center.controller.js';
import { insights } from './insights/insights.controller.js';
import { knowledgeBases } from './knowledge-bases/knowledge-bases.controller.js';
import { leads } from './leads/leads.controller.js';
import { media } from './media/media.controller.js';
import { officeHours } from './office-hours/office-hours.controller.js';
import { org } from './org/org.controller.js';
import { phone } from './phone/phone.controller.js';
import { redaction } from './redaction/redaction.controller.js';
import { sequences } from './sequences/sequences.controller.js';
import { sip } from './sip/sip.controller.js';
import { slaAnalytics } from './sla-analytics/sla-analytics.controller.js';
import { slaPolicies } from './sla-policies/sla-policies.controller.js';
import { tags } from './tags/tags.controller.js';
import { teams } from './teams/teams.controller.js';
import { training } from './training/training.controller.js';
import { whatsapp } from './whatsapp/whatsapp.controller.js';
import { widget } from './widget/widget.controller.js';
import { workflows } from './workflows/workflows.controller.js';

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
