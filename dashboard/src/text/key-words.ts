import type { ApiKey } from '../api/wire';

/** What people call a key's kind. */
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

/** In one word or two. */
export function labelOf({ kind, type }: Pick<ApiKey, 'kind' | 'type'>): string {
  return type === 'standard' ? KIND_LABELS[kind] : TYPE_LABELS[type];
}
