import { EVENT_TYPES, type EventType } from '../key-form/key-draft';

/** The type that is selected at first. */
export interface NewKeySearch {
  readonly type?: EventType;
}

export function validateNewKeySearch({ type }: Record<string, unknown>): NewKeySearch {
  const found = EVENT_TYPES.find((known) => known === type);
  return found ? { type: found } : {};
}
