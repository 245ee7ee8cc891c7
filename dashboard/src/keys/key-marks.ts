import type { ApiKey } from '../api/wire';

export interface KeyMark {
  readonly label: string;
  readonly color: 'red' | 'orange' | 'gray' | 'blue' | 'green';
  /** The tooltip. */
  readonly hint: string;
}

export const SUSPENDED: KeyMark = {
  label: 'Suspended',
  color: 'orange',
  hint: 'It is denied until it is resumed.',
};
const EXPIRING_WITHIN_MS = 14 * 86_400_000;

/** The badges of a key, most urgent first. */
export function marksOf(key: ApiKey, now = Date.now()): KeyMark[] {
  if (key.state === 'revoked') return [{ label: 'Revoked', color: 'red', hint: 'It no longer works.' }];
  if (key.state === 'suspended') return [SUSPENDED];
  if (key.state === 'expired') return [{ label: 'Expired', color: 'gray', hint: 'Its expiry date has passed.' }];
  const marks: KeyMark[] = [];
  if (key.expires_at !== null && Date.parse(key.expires_at) - now < EXPIRING_WITHIN_MS) {
    marks.push({ label: 'Expiring', color: 'orange', hint: 'It stops working within two weeks.' });
  }
  if (!key.acknowledged) {
    marks.push({
      label: 'Not saved',
      color: 'orange',
      hint: 'Mark the key as saved on its page, or rotate it if it is lost.',
    });
  }
  const { replaced_credential: old } = key;
  if (old !== null && (old.retires_at === null || Date.parse(old.retires_at) > now)) {
    marks.push({
      label: 'Old key still works',
      color: 'blue',
      hint: 'The key was rotated, and the old one still works.',
    });
  }
  if (key.last_used_at === null) {
    marks.push({ label: 'Never used', color: 'gray', hint: 'It has made no requests yet.' });
  }
  return marks;
}
