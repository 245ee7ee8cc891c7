import { dateAndTime } from '../text/dates';

/** What was done, in the words of a sentence: who … what. */
export const ACTION_WORDS: Readonly<Record<string, string>> = {
  'api_key.created': 'created API key',
  'api_key.updated': 'edited API key',
  'api_key.acknowledged': 'confirmed storing API key',
  'api_key.rotated': 'rotated API key',
  'api_key.revoked': 'revoked API key',
  'org.created': 'created organization',
  'org.updated': 'edited organization',
  'org.archived': 'archived organization',
  'member.created': 'added member',
  'member.updated': 'changed the role of',
  'member.deleted': 'removed member',
  'agent.created': 'created agent',
  'agent.updated': 'edited agent',
  'agent.deleted': 'deleted agent',
  'integration.created': 'connected',
  'integration.updated': 'edited integration',
  'integration.deleted': 'disconnected',
  'workflow.activated': 'activated workflow',
  'workflow.deactivated': 'deactivated workflow',
  'workflow.deleted': 'deleted workflow',
  'session.started': 'signed in',
};

/** Fields that say no more than the action does, and when. */
export const SAID_BY_ACTION: ReadonlySet<string> = new Set(['acknowledged_at', 'revoked_at']);

/** An action that this page doesn't know yet reads as it is called. */
export function actionWords(action: string): string {
  return ACTION_WORDS[action] ?? action.replace(/[._]/g, ' ');
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

/** A value of a change as a person reads it. */
export function valueWords(value: unknown): string {
  if (typeof value === 'string' && INSTANT.test(value)) return dateAndTime(value);
  if (value === null || value === undefined || value === '') return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
