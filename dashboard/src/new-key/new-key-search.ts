import { EVENT_TYPES, type EventType } from '../key-form/key-draft';
import { type Template, TEMPLATES } from './templates';

/** What the form starts with. */
export interface NewKeySearch {
  readonly type?: EventType;
  readonly template?: Template;
  /** The id of a key whose settings are copied. */
  readonly from?: string;
}

const ID = /^[\da-f-]{36}$/;

export function validateNewKeySearch({ type, template, from }: Record<string, unknown>): NewKeySearch {
  const knownType = EVENT_TYPES.find((known) => known === type);
  const knownTemplate = TEMPLATES.find((known) => known === template);
  return {
    ...(knownType && { type: knownType }),
    ...(knownTemplate && { template: knownTemplate }),
    ...(typeof from === 'string' && ID.test(from) && { from }),
  };
}
