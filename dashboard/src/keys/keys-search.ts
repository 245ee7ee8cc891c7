import type { ApiKey } from '../api/wire';

/** What of the list is shown, in the address: what can be shown again can be linked to. */
export interface KeysSearch {
  readonly tab?: 'inactive';
  readonly kind?: ApiKey['kind'];
  readonly q?: string;
}

export function judgeKeysSearch(search: Record<string, unknown>): KeysSearch {
  const { tab, kind, q } = search;
  return {
    ...(tab === 'inactive' ? { tab } : {}),
    ...(kind === 'bearer' || kind === 'key_secret' ? { kind } : {}),
    ...(typeof q === 'string' && q !== '' ? { q: q.slice(0, 100) } : {}),
  };
}
