import { LIFECYCLE_EVENTS } from '../../../src/kit/webhooks/lifecycle-events.js';
import { SOURCES } from '../../structure/support/source-tree.js';

/** Settings of resources, as their manifests declare them, unless events tell of them. */
const AUDITED_BY_RESOURCES = SOURCES.filter(({ path }) => path.startsWith('resources/'))
  .flatMap(({ text }) => [...text.matchAll(/\baudited(?::| =) \{ type: '(\w+)'/g)].map(([, type]) => type!))
  .filter((type) => !Object.keys(LIFECYCLE_EVENTS).some((event) => event.startsWith(`${type}.`)));

/**
 * Actions of the audit that make no webhook event, by target type or one by one. An action that is neither here nor in
 * `LIFECYCLE_EVENTS` makes none either; the tests then ask for a decision.
 */
const INTERNAL_TYPES: ReadonlySet<string> = new Set([
  ...AUDITED_BY_RESOURCES,
  ...['autopilot', 'csat_settings', 'help_center', 'integration', 'knowledge_document', 'mail_domain'],
  ...['tag', 'widget', 'workflow'],
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
