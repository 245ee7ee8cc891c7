/**
 * Actions of the audit that make no webhook event, by target type or one by one. An action that is neither here nor in
 * `LIFECYCLE_EVENTS` makes none either; the tests then ask for a decision.
 */
export const INTERNAL_TYPES: ReadonlySet<string> = new Set([
  // Settings of the resources.
  ...[
    'action',
    'action_credential',
    'article',
    'article_category',
    'autopilot',
    'autopilot_channel',
    'autopilot_topic',
  ],
  ...[
    'blocked_contact',
    'blocked_domain',
    'csat_settings',
    'datasource',
    'help_center',
    'integration',
    'knowledge_base',
  ],
  ...['knowledge_document', 'mail_domain', 'office_hours', 'phone_agent', 'sequence', 'sip_inbound_trunk'],
  ...['sip_outbound_trunk', 'sla_policy', 'tag', 'team', 'training', 'widget', 'workflow'],
  ...['chat_message', 'chat_session', 'session', 'whatsapp_number', 'agent'],
  // Its keys are told one by one.
  'key_import',
  // Of the installation.
  ...['audit', 'audit_key', 'partner', 'retention', 'signing_key', 'login_link'],
]);

export const INTERNAL_ACTIONS: ReadonlySet<string> = new Set([
  // A note of one member for the others.
  'api_key.acknowledged',
  // The new token is a credential of the website, which its owner has rotated on purpose.
  'org.widget_token_rotated',
]);

export function isInternal(action: string): boolean {
  return INTERNAL_ACTIONS.has(action) || INTERNAL_TYPES.has(action.slice(0, action.indexOf('.')));
}
