/** Every sentence of the mails about keys. A language adds an entry to `WORDS`. */
export interface NoticeWords {
  /** BCP 47, for `lang` and dates. */
  readonly language: string;
  readonly titleOfOrg: (org: string) => string;
  readonly titleOfPartner: string;
  readonly subject: (title: string, first: string, others: number) => string;
  /** The most urgent group of keys, for the subject. */
  readonly expiring: (keys: number, days: number) => string;
  readonly suspending: (keys: number, days: number) => string;
  readonly idle: (keys: number, days: number) => string;
  readonly introduction: string;
  readonly expiringHeading: (days: number) => string;
  readonly suspendingHeading: (days: number) => string;
  readonly idleHeading: (days: number) => string;
  /** @param instant in UTC */
  readonly expiresAt: (instant: string) => string;
  readonly suspendedAt: (instant: string) => string;
  readonly idleSince: (instant: string) => string;
  readonly ofOrg: (org: string) => string;
  readonly more: (keys: number) => string;
  readonly advice: string;
  readonly viewAll: string;
  readonly reasonOfManager: (org: string) => string;
  readonly reasonOfCreator: (org: string) => string;
  readonly reasonOfPartner: (partner: string) => string;
  readonly settings: string;
}

const NUMBER = new Intl.NumberFormat('en');
const keysOf = (keys: number) => `${NUMBER.format(keys)} ${keys === 1 ? 'key' : 'keys'}`;
const daysOf = (days: number) => (days === 1 ? '1 day' : `${days} days`);

const ENGLISH: NoticeWords = {
  language: 'en',
  titleOfOrg: (org) => `API keys of ${org}`,
  titleOfPartner: 'API keys of your organizations',
  subject: (title, first, others) => `${title}: ${first}${others > 0 ? `, and ${NUMBER.format(others)} more` : ''}`,
  expiring: (keys, days) => `${keysOf(keys)} ${keys === 1 ? 'expires' : 'expire'} within ${daysOf(days)}`,
  suspending: (keys, days) =>
    `${keysOf(keys)} ${keys === 1 ? 'is' : 'are'} suspended within ${daysOf(days)} unless used`,
  idle: (keys, days) => `${keysOf(keys)} ${keys === 1 ? 'has' : 'have'} not been used for ${daysOf(days)}`,
  introduction: 'Requests with an expired or suspended key are refused.',
  expiringHeading: (days) => `Expires within ${daysOf(days)}`,
  suspendingHeading: (days) => `Suspended within ${daysOf(days)} unless used`,
  idleHeading: (days) => `Not used for ${daysOf(days)}`,
  expiresAt: (instant) => `expires on ${instant} UTC`,
  suspendedAt: (instant) => `is suspended on ${instant} UTC unless it is used, by the policy on idle keys`,
  idleSince: (instant) => `no requests since ${instant} UTC`,
  ofOrg: (org) => `of ${org}`,
  more: (keys) => `And ${keysOf(keys)} more.`,
  advice: 'Extend a key or replace it before it expires. Revoke a key that nothing uses.',
  viewAll: 'View all API keys',
  reasonOfManager: (org) => `Owners and Admins of ${org} get this mail.`,
  reasonOfCreator: (org) => `You get this mail because you created these keys of ${org}.`,
  reasonOfPartner: (partner) => `You get this mail because this is the contact address of ${partner}.`,
  settings: 'Turn notices on or off under Organization',
};

const WORDS: ReadonlyMap<string, NoticeWords> = new Map([['en', ENGLISH]]);

/** @param language BCP 47, such as `pt-BR`; English if there is no translation */
export function noticeWords(language: string): NoticeWords {
  return WORDS.get(language) ?? WORDS.get(language.split('-', 1)[0]!) ?? ENGLISH;
}
