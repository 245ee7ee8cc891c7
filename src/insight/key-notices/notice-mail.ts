import { escapeHtml } from '../../core/wire/escape-html.js';
import type { NoticeKind } from './key-notice.entity.js';
import { groupsOf, type NoticeDigest, type NoticedKey, type NoticeGroup } from './notice-digest.js';
import type { NoticeWords } from './notice-words.js';

/** Who a mail is for, which decides its title and why it was sent. */
export type NoticeReader =
  { readonly as: 'manager' | 'creator'; readonly org: string } | { readonly as: 'partner'; readonly partner: string };

export interface NoticeMailContext {
  /** Without a trailing slash. */
  readonly dashboardUrl: string;
  readonly now: Date;
  readonly idleDays: number;
  readonly words: NoticeWords;
}

/** A subject has to show its numbers, whatever the name of the org. */
const ORG_CHARACTERS_MAX = 60;

/** No colors, so that mail clients choose them for light and dark backgrounds. */
const STYLE = 'font-family:system-ui,sans-serif;font-size:16px;line-height:1.5;max-width:560px;overflow-wrap:anywhere';
const SMALL = 'font-size:14px';

/** Writes the mail in HTML; the sender derives the plain text from it. */
export function noticeMail(
  digest: NoticeDigest,
  reader: NoticeReader,
  { dashboardUrl, now, idleDays, words }: NoticeMailContext,
): { subject: string; html: string } {
  const page = `${dashboardUrl}/dashboard`;
  const groups = groupsOf(digest.keys, now, idleDays);
  const unlisted = digest.total - digest.keys.length;
  const heading = titleOf(reader, words);
  const sections = groups.map((group) => section(group, page, reader, words));
  const html = `<!doctype html>
<html lang="${words.language}">
<head>
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(heading)}</title>
</head>
<body style="${STYLE}">
<h1 style="font-size:20px">${escapeHtml(heading)}</h1>
<p>${words.introduction} ${words.advice}</p>
${sections.join('\n')}
${unlisted > 0 ? `<p>${words.more(unlisted)}</p>\n` : ''}${footer(page, reader, words)}
</body>
</html>`;
  return { subject: subjectOf(digest, groups, reader, words), html };
}

function subjectOf(digest: NoticeDigest, [first]: NoticeGroup[], reader: NoticeReader, words: NoticeWords): string {
  const keys = first!.keys.length;
  const sentence = sentencesOf(words)[first!.kind].headline(keys, first!.days);
  return words.subject(titleOf(reader, words, ORG_CHARACTERS_MAX), sentence, digest.total - keys);
}

function titleOf(reader: NoticeReader, words: NoticeWords, charactersMax = Infinity): string {
  return reader.as === 'partner' ? words.titleOfPartner : words.titleOfOrg(shortened(reader.org, charactersMax));
}

function section({ kind, days, keys }: NoticeGroup, page: string, reader: NoticeReader, words: NoticeWords): string {
  const heading = sentencesOf(words)[kind].heading(days);
  const items = keys.map((key) => item(key, page, reader, words));
  return `<h2 style="font-size:16px">${heading}</h2>\n<ul>\n${items.join('\n')}\n</ul>`;
}

function item(key: NoticedKey, page: string, reader: NoticeReader, words: NoticeWords): string {
  const link = `<a href="${escapeHtml(`${page}/keys/${key.id}`)}">${escapeHtml(key.name)}</a>`;
  const owner = reader.as === 'partner' ? ` ${escapeHtml(words.ofOrg(key.org))}` : '';
  const end = sentencesOf(words)[key.kind].detail(instantIn(words, key.about));
  return `<li>${link} (${escapeHtml(key.masked_key)})${owner}: ${end}</li>`;
}

interface Sentences {
  readonly headline: (keys: number, days: number) => string;
  readonly heading: (days: number) => string;
  readonly detail: (instant: string) => string;
}

function sentencesOf(words: NoticeWords): Readonly<Record<NoticeKind, Sentences>> {
  return {
    expiry: { headline: words.expiring, heading: words.expiringHeading, detail: words.expiresAt },
    suspension: { headline: words.suspending, heading: words.suspendingHeading, detail: words.suspendedAt },
    idle: { headline: words.idle, heading: words.idleHeading, detail: words.idleSince },
  };
}

function footer(page: string, reader: NoticeReader, words: NoticeWords): string {
  if (reader.as === 'partner') return `<p style="${SMALL}">${escapeHtml(words.reasonOfPartner(reader.partner))}</p>`;
  const reason = reader.as === 'creator' ? words.reasonOfCreator(reader.org) : words.reasonOfManager(reader.org);
  const settings = `<a href="${escapeHtml(`${page}/settings`)}">${words.settings}</a>`;
  return `<p><a href="${escapeHtml(`${page}/`)}">${words.viewAll}</a></p>
<p style="${SMALL}">${escapeHtml(reason)} ${settings}.</p>`;
}

/** `March 3, 2027 at 14:05`, in UTC. */
function instantIn({ language }: NoticeWords, instant: string): string {
  const format = { dateStyle: 'long', timeStyle: 'short', hourCycle: 'h23', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(language, format).format(new Date(instant));
}

function shortened(text: string, charactersMax: number): string {
  const characters = [...text];
  return characters.length <= charactersMax ? text : `${characters.slice(0, charactersMax - 1).join('')}…`;
}
