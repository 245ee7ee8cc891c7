import type { KeyFilters } from '../api/keys';
import { EVENT_TYPES, type KeyKind } from '../key-form/key-draft';

/** The filters of the list in the URL, so that they can be linked. */
export interface KeysSearch {
  readonly tab?: 'inactive';
  readonly kind?: KeyKind;
  readonly q?: string;
}

/** For the API, event keys are bearer keys with a type. */
export const KIND_FILTERS: Readonly<Record<KeyKind, Pick<KeyFilters, 'kind' | 'type'>>> = {
  bearer: { kind: 'bearer', type: 'standard' },
  key_secret: { kind: 'key_secret' },
  event: { type: EVENT_TYPES.join(',') },
};

export function validateKeysSearch(search: Record<string, unknown>): KeysSearch {
  const { tab, kind, q } = search;
  return {
    ...(tab === 'inactive' ? { tab } : {}),
    ...(typeof kind === 'string' && Object.hasOwn(KIND_FILTERS, kind) ? { kind: kind as KeyKind } : {}),
    ...(typeof q === 'string' && q !== '' ? { q: q.slice(0, 100) } : {}),
  };
}
