import { DAY_MS, EXPIRY_DAYS } from './expiry-steps.js';
import type { NoticeKind } from './key-notice.entity.js';

/** A key in a mail. Never holds the credential. */
export interface NoticedKey {
  readonly id: string;
  readonly name: string;
  readonly masked_key: string;
  readonly org: string;
  readonly kind: NoticeKind;
  /** When it expires or is suspended, or since when it is idle. */
  readonly about: string;
}

/** The notices of one mail, most urgent first. */
export interface NoticeDigest {
  readonly keys: readonly NoticedKey[];
  /** With those that the mail doesn't list. */
  readonly total: number;
}

export interface NoticeGroup {
  readonly kind: NoticeKind;
  /** Until the keys expire or are suspended, at most; or since when they are idle. */
  readonly days: number;
  readonly keys: readonly NoticedKey[];
}

/** A mail may be up to a day late, and a key may expire earlier than its notice says. */
const DAYS_LEFT = EXPIRY_DAYS.filter((days) => days > 0).toReversed();

/** @param idleDays what counts as idle */
export function groupsOf(keys: readonly NoticedKey[], now: Date, idleDays: number): NoticeGroup[] {
  const groups = new Map<string, { kind: NoticeKind; days: number; keys: NoticedKey[] }>();
  for (const key of keys) {
    const days = key.kind === 'idle' ? idleDays : daysLeft(key, now);
    const group = groups.get(`${key.kind} ${days}`) ?? { kind: key.kind, days, keys: [] };
    groups.set(`${key.kind} ${days}`, group);
    group.keys.push(key);
  }
  return [...groups.values()];
}

function daysLeft({ about }: NoticedKey, now: Date): number {
  const left = Date.parse(about) - now.getTime();
  return DAYS_LEFT.find((days) => left <= days * DAY_MS) ?? Math.ceil(left / DAY_MS);
}
