import type { AuditEntry } from '../api/wire';
import { dateAndTime } from '../text/dates';
import { KIND_LABELS, TYPE_LABELS } from '../text/key-words';

/** Nouns of the settings that can be created, edited and deleted, by the prefix of their actions. */
const SETTINGS: Readonly<Record<string, string>> = {
  action: 'action',
  article: 'help center article',
  article_category: 'help center category',
  autopilot_channel: 'autopilot on channel',
  autopilot_topic: 'autopilot topic',
  blocked_contact: 'blocked contact',
  blocked_domain: 'blocked domain',
  csat_settings: 'satisfaction survey settings',
  datasource: 'crawled website',
  help_center: 'help center',
  knowledge_base: 'knowledge base',
  knowledge_document: 'knowledge base document',
  mail_domain: 'email domain',
  office_hours: 'office hours',
  phone_agent: 'phone agent',
  sequence: 'sequence',
  sip_inbound_trunk: 'inbound SIP trunk',
  sip_outbound_trunk: 'outbound SIP trunk',
  sla_policy: 'SLA policy',
  tag: 'tag',
  team: 'team',
  training: 'training',
  workflow: 'workflow',
};
const VERBS = { created: 'created', updated: 'edited', deleted: 'deleted' };

/** The words between actor and target in the sentence of an entry. */
export const ACTION_WORDS: Readonly<Record<string, string>> = {
  'api_key.created': 'created API key',
  'api_key.updated': 'edited API key',
  'api_key.acknowledged': 'marked as saved API key',
  'api_key.rotated': 'rotated API key',
  'api_key.rotation_ended': 'ended the rotation of API key',
  'api_key.suspended': 'suspended API key',
  'api_key.resumed': 'resumed API key',
  'api_key.revoked': 'revoked API key',
  'api_key.imported': 'imported API key',
  'api_key.expiring': 'announced the end of API key',
  'api_key.expired': 'noted the end of API key',
  'api_key.idle': 'noted as idle API key',
  'api_key.exposed': 'reported as exposed API key',
  'key_policy.updated': 'edited the key policy of',
  'webhook_endpoint.created': 'created webhook endpoint',
  'webhook_endpoint.updated': 'edited webhook endpoint',
  'webhook_endpoint.secret_rotated': 'rotated the secret of webhook endpoint',
  'webhook_endpoint.disabled': 'disabled webhook endpoint',
  'webhook_endpoint.deleted': 'deleted webhook endpoint',
  'org.created': 'created organization',
  'org.updated': 'edited organization',
  'org.suspended': 'suspended organization',
  'org.resumed': 'resumed organization',
  'org.archived': 'archived organization',
  'member.created': 'added member',
  'member.updated': 'changed the role of',
  'member.deleted': 'removed member',
  'agent.created': 'created agent',
  'agent.updated': 'edited agent',
  'agent.deleted': 'deleted agent',
  ...Object.fromEntries(
    Object.entries(SETTINGS).flatMap(([type, noun]) =>
      Object.entries(VERBS).map(([verb, word]) => [`${type}.${verb}`, `${word} ${noun}`]),
    ),
  ),
  'integration.created': 'connected',
  'integration.updated': 'edited integration',
  'integration.deleted': 'disconnected',
  'workflow.activated': 'activated workflow',
  'workflow.deactivated': 'deactivated workflow',
  'widget.updated': 'edited the chat widget of',
  'org.widget_token_rotated': 'replaced the widget token of',
  'action.imported': 'imported actions from',
  'blocked_contact.created': 'blocked contact',
  'blocked_contact.deleted': 'unblocked contact',
  'blocked_domain.created': 'blocked domain',
  'blocked_domain.deleted': 'unblocked domain',
  'mail_domain.verification_started': 'started verifying email domain',
  'chat_message.redacted': 'redacted a message of session',
  'chat_session.redacted': 'redacted session',
  'whatsapp_number.assigned': 'assigned WhatsApp number',
  'whatsapp_number.released': 'released WhatsApp number',
  'login_link.created': 'created a login link for',
  'audit.started': 'started the audit of',
  'session.started': 'signed in',
  'session.ended': 'signed out',
};

/** Fields that repeat the action and its time. */
const SAID_BY_ACTION: ReadonlySet<string> = new Set(['acknowledged_at', 'suspended_at', 'revoked_at']);
/** The default values of a new key. */
const USUAL: Readonly<Record<string, string>> = { kind: 'bearer', type: 'standard' };

type Changes = NonNullable<AuditEntry['changes']>;

/** Whether the rest of the entry implies the change of a field. */
export function isSaidElsewhere(field: string, { before, after }: Changes[string], changes: Changes): boolean {
  if (SAID_BY_ACTION.has(field)) return true;
  if (!isEmpty(before)) return false;
  return after === USUAL[field] || (field === 'access' && 'scopes' in changes);
}

const FIELD_WORDS: Readonly<Record<string, string>> = {
  agent_id: 'agent',
  allowed_ips: 'allowed IP addresses',
  rate_per_minute: 'requests per minute',
  rate_per_hour: 'requests per hour',
  expires_at: 'expires',
  retires_at: 'old key valid until',
  masked_key: 'key',
  partner_key_id: 'partner key',
};

export function fieldWords(field: string): string {
  return FIELD_WORDS[field] ?? field.replaceAll('_', ' ');
}

export function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/** The words of an action; an unknown action is its own name. */
export function actionWords(action: string): string {
  return ACTION_WORDS[action] ?? action.replace(/[._]/g, ' ');
}

const LABELS: Readonly<Record<string, string>> = { ...KIND_LABELS, ...TYPE_LABELS };
const INSTANT = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

/** A changed value in readable form. */
export function valueWords(field: string, value: unknown): string {
  const label = field === 'kind' || field === 'type' ? LABELS[String(value)] : undefined;
  if (label !== undefined) return label;
  if (typeof value === 'string' && INSTANT.test(value)) return dateAndTime(value);
  if (isEmpty(value)) return 'none';
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
