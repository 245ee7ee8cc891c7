import { expect, it } from 'vitest';
import { LIFECYCLE_EVENTS } from '../../src/kit/webhooks/lifecycle-events.js';
import { BY_HAND, REPEATED } from '../../src/programs/cli/after-restore/access-actions.js';
import { SOURCES } from './support/source-tree.js';

/** Actions that take no access away. What they gave is gone with the restore, or ends by the clock. */
const HARMLESS = `
action.created action.deleted action.imported action.updated action_credential.created agent.created agent.updated api_key.acknowledged
api_key.created api_key.expired api_key.expiring api_key.exposed api_key.idle api_key.imported api_key.resumed
api_key.scopes_restored article.created article.deleted article.updated article_category.created article_category.deleted
article_category.updated audit.started audit_key.created autopilot_channel.created autopilot_channel.deleted
autopilot_channel.updated autopilot_topic.created autopilot_topic.deleted autopilot_topic.updated blocked_contact.deleted
blocked_contact.updated blocked_domain.deleted blocked_domain.updated csat_settings.created csat_settings.deleted
csat_settings.updated datasource.created datasource.deleted datasource.updated help_center.created help_center.deleted
integration.created key_import.created knowledge_base.created knowledge_base.deleted knowledge_base.updated
knowledge_document.created knowledge_document.deleted login_link.created mail_domain.created mail_domain.updated
mail_domain.verification_started member.created office_hours.created office_hours.deleted office_hours.updated org.created
org.resumed partner.created phone_agent.created phone_agent.updated retention.applied sequence.created sequence.deleted
sequence.updated service.created service.resumed session.started sip_inbound_trunk.created sip_outbound_trunk.created
sla_policy.created sla_policy.deleted sla_policy.updated tag.created tag.deleted tag.updated team.created team.deleted
team.updated training.created training.deleted training.updated webhook_endpoint.created whatsapp_number.assigned
widget.updated workflow.activated workflow.created`
  .split(/\s+/)
  .filter((action) => action !== '');

/** Actions whose type is a variable in the code. */
const TEMPLATES = [
  'mail_domain.created',
  'mail_domain.updated',
  'mail_domain.deleted',
  'mail_domain.verification_started',
  'chat_message.redacted',
  'chat_session.redacted',
];
/** Texts that look like actions. */
const OTHERS = ['conversation.handoff_to_human', 'signing_keys.private_jwk', 'webhook.test'];

/** Every action that the code can write: literals with a type and a verb, and the three of each audited setting. */
function writtenActions(): string[] {
  const found = new Set<string>([...Object.keys(LIFECYCLE_EVENTS), ...TEMPLATES]);
  for (const { path, text } of SOURCES) {
    if (path.startsWith('programs/')) continue;
    if (/action: '|recordKey|record\(|AuditRecord|: Recorder/.test(text)) {
      const literals = /(?:action: |recordKey\(\s*record,\s*|const [A-Z_]+ = |\? |: )'([a-z_]+\.[a-z_]+)'/g;
      for (const [, action] of text.matchAll(literals)) found.add(action!);
    }
    if (!/AuditedTable|AuditedSetting|audited:/.test(text)) continue;
    for (const [, type] of text.matchAll(/\btype: '([a-z_]+)'/g)) {
      for (const verb of ['created', 'updated', 'deleted']) found.add(`${type}.${verb}`);
    }
  }
  return [...found].filter((action) => !OTHERS.includes(action)).sort();
}

it('each action of the audit is known to take access away, or not to', () => {
  const known = [...REPEATED, ...Object.keys(BY_HAND), ...HARMLESS];
  expect(writtenActions().filter((action) => !known.includes(action))).toEqual([]);
  expect(new Set(known).size).toBe(known.length);
});

it('no action is listed that the code does not write', () => {
  const written = writtenActions();
  const known = [...REPEATED, ...Object.keys(BY_HAND), ...HARMLESS];
  expect(known.filter((action) => !written.includes(action))).toEqual([]);
});
