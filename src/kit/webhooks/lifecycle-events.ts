/**
 * Events of keys, orgs, members, services and endpoints. Each follows from the audit entry with this action. An action that
 * isn't listed makes no event.
 */
export const LIFECYCLE_EVENTS = {
  'api_key.created': 'An API key was created.',
  'api_key.updated': 'The settings of an API key changed.',
  'api_key.scopes_removed': 'Scopes that an API key did not use were removed.',
  'api_key.scopes_restored': 'Removed scopes of an API key were restored.',
  'api_key.rotated': 'An API key got a new credential.',
  'api_key.rotation_ended': 'A credential that a rotation replaced ended.',
  'api_key.expiring': 'An API key expires soon.',
  'api_key.expired': 'An API key expired.',
  'api_key.idle': 'An API key was not used for long.',
  'api_key.suspended': 'An API key is refused until it is resumed.',
  'api_key.resumed': 'A suspended API key works again.',
  'api_key.revoked': 'An API key was revoked.',
  'api_key.exposed': 'An API key was found in public.',
  'api_key.imported': 'An API key was imported from another system.',
  'key_policy.updated': 'The policies for API keys changed.',
  'org.created': 'An org was created.',
  'org.updated': 'The settings of an org changed.',
  'org.suspended': 'All keys and sessions of an org are refused until it is resumed.',
  'org.resumed': 'A suspended org works again.',
  'org.archived': 'An org was archived.',
  'member.created': 'A person became a member of an org.',
  'member.updated': 'The role of a member changed.',
  'member.deleted': 'A member left an org.',
  'service.created': 'A service was declared.',
  'service.updated': 'The declaration of a service changed.',
  'service.suspended': 'A service refuses every request until it is resumed.',
  'service.resumed': 'A suspended service works again.',
  'service.deleted': 'A service was deleted.',
  'webhook_endpoint.created': 'A webhook endpoint was created.',
  'webhook_endpoint.updated': 'The settings of a webhook endpoint changed.',
  'webhook_endpoint.secret_rotated': 'A webhook endpoint got a new secret.',
  'webhook_endpoint.disabled': 'The server disabled a webhook endpoint that no longer answers.',
  'webhook_endpoint.deleted': 'A webhook endpoint was deleted.',
} as const;

export type LifecycleEvent = keyof typeof LIFECYCLE_EVENTS;

export function isLifecycleEvent(action: string): action is LifecycleEvent {
  return Object.hasOwn(LIFECYCLE_EVENTS, action);
}
