import type { ApiKey, KeyState } from '../api/wire';

/** Labels of the kinds of keys. */
export const KIND_LABELS = { bearer: 'Bearer', key_secret: 'Key + secret' } as const satisfies Record<
  ApiKey['kind'],
  string
>;

export const TYPE_LABELS = {
  standard: 'Standard',
  client: 'Client',
  openconnect: 'OpenConnect',
  queue_adapter: 'QueueAdapter',
  telephony: 'Telephony',
} as const satisfies Record<ApiKey['type'], string>;

/** The label of the kind or type of a key. */
export function labelOf({ kind, type }: Pick<ApiKey, 'kind' | 'type'>): string {
  return type === 'standard' ? KIND_LABELS[kind] : TYPE_LABELS[type];
}

/** Whether the key never works again, so that it can't be changed. */
export function isEnded({ state }: { readonly state: KeyState }): boolean {
  return state === 'revoked' || state === 'expired';
}
