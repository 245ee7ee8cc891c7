import { hash } from 'node:crypto';
import { textOfDocument, UnreadableDocument } from '../../../kit/document-text/document-text.js';
import { PDF } from '../../../kit/files/media-types.js';
import type { OutboundAnswer, Outbound, OutboundHead } from '../../../kit/outbound/outbound.js';
import { OutboundFailure } from '../../../kit/outbound/outbound-failure.js';
import { canonicalUrl, isSameHost } from './canonical-url.js';
import type { Visit } from './page-change.js';
import { type PageContent, type SiteReader, UnreadablePage, type Verdict } from './site-reader.js';
import {
  ask,
  GONE,
  mediaTypeOf,
  PAGE_BYTES_MAX,
  REDIRECTS,
  REDIRECTS_MAX,
  sentenceOf,
  TOO_MANY,
  UNAVAILABLE,
} from './site-requests.js';

const RETRY_AFTER_SECONDS = 30;
const RETRY_AFTER_SECONDS_MAX = 600;
const KINDS: ReadonlyMap<string, 'html' | 'text' | 'pdf'> = new Map([
  ['text/html', 'html'],
  ['application/xhtml+xml', 'html'],
  ['text/plain', 'text'],
  [PDF, 'pdf'],
]);

const NOT_WANTED: Readonly<Record<Exclude<Verdict, 'wanted'>, string>> = {
  disallowed: 'robots.txt disallows it.',
  'left out': 'include_paths or exclude_paths leave it out.',
};

export interface PageToVisit {
  readonly url: string;
  /** Number of consecutive redirects that led here. */
  readonly redirects: number;
}

/** Links of a page to its own site. */
export interface FoundLinks {
  readonly wanted: readonly string[];
  readonly excluded: readonly { readonly url: string; readonly why: string }[];
  /** Number of consecutive redirects that led to them. */
  readonly redirects: number;
}

export interface Visited {
  readonly visit: Visit;
  readonly links: FoundLinks;
  readonly bytes: number;
  /** The site asks to wait. */
  readonly retryAfterSeconds?: number;
}

/** Fetches the pages of a website. @param timeoutMs for one page */
export class Site {
  constructor(
    private readonly outbound: Outbound,
    private readonly reader: SiteReader,
    private readonly startUrl: string,
    private readonly timeoutMs: number,
  ) {}

  /** Does not follow redirects: the target is a page of its own, with its own verdict. */
  async visit(page: PageToVisit, signal: AbortSignal): Promise<Visited> {
    try {
      const [verdict] = await this.reader.match([page.url]);
      const isStart = page.url === this.startUrl;
      if (verdict === 'disallowed' || (verdict === 'left out' && !isStart)) return excluded(NOT_WANTED[verdict]);
      const answer = await ask(this.outbound, page.url, { timeoutMs: this.timeoutMs, signal, acceptsBody: isReadable });
      const visited = await this.#visitOf(page, answer, signal);
      const isLeftOut = verdict === 'left out' && visited.visit.kind === 'read';
      return isLeftOut ? { ...visited, visit: { kind: 'excluded', why: NOT_WANTED[verdict] } } : visited;
    } catch (error) {
      if (error instanceof UnreadablePage || error instanceof UnreadableDocument) return failed(error.message);
      if (!(error instanceof OutboundFailure)) throw error;
      const bytes = error.reason === 'answer_too_large' ? PAGE_BYTES_MAX : 0;
      return { ...failed(sentenceOf(error.reason, this.timeoutMs)), bytes };
    }
  }

  async #visitOf(page: PageToVisit, answer: OutboundAnswer, signal: AbortSignal): Promise<Visited> {
    const { status, headers, body } = answer;
    if (REDIRECTS.has(status)) return this.#redirected(page, headers['location']);
    const retryAfterSeconds = retryAfterOf(answer);
    if (retryAfterSeconds !== undefined) return { ...failed(`The server answered ${status}.`), retryAfterSeconds };
    if (status !== 200) return failed(`The server answered ${status}.`, GONE.has(status));
    const type = mediaTypeOf(answer);
    if (!KINDS.has(type)) return excluded(type === '' ? 'It has no type.' : `It is no text, but ${type}.`);
    if (isEncoded(answer)) return failed('The response is compressed, although no compression was accepted.');
    const content = await this.#read(page.url, answer, signal);
    return { visit: visitOf(content), links: await this.sort(page.url, content.links), bytes: body.length };
  }

  async #read(url: string, answer: OutboundAnswer, signal: AbortSignal): Promise<PageContent> {
    const { headers, body: bytes } = answer;
    const page = { url, robotsTag: headers['x-robots-tag'] ?? '' };
    const kind = KINDS.get(mediaTypeOf(answer));
    if (kind === 'pdf') {
      const text = await textOfDocument(bytes, PDF, signal);
      const content = await this.reader.read({ ...page, bytes: Buffer.from(text), charset: 'utf-8', isHtml: false });
      return { ...content, title: fileNameOf(url) };
    }
    const charset = /;\s*charset\s*=\s*"?([\w:-]+)/i.exec(headers['content-type'] ?? '')?.[1];
    return this.reader.read({ ...page, bytes, charset, isHtml: kind === 'html' });
  }

  async #redirected({ url, redirects }: PageToVisit, location: string | undefined): Promise<Visited> {
    const target = location === undefined ? undefined : canonicalUrl(location, url);
    if (target === undefined) return failed('It leads to no page.');
    if (!isSameHost(target, this.startUrl)) return excluded(`It leads to another host: ${new URL(target).host}.`);
    if (redirects >= REDIRECTS_MAX) return failed(`It is led to by more than ${REDIRECTS_MAX} redirects in a row.`);
    return excluded(`It leads to ${target}`, await this.sort(url, [target], redirects + 1));
  }

  /** Sorts links by whether they are of the site and may be read. @param redirects number of consecutive ones */
  async sort(from: string, links: readonly string[], redirects = 0): Promise<FoundLinks> {
    const found = new Set(links.flatMap((link) => canonicalUrl(link, from) ?? []));
    found.delete(from);
    const own = [...found].filter((url) => isSameHost(url, this.startUrl));
    const verdicts = await this.reader.match(own);
    const wanted = own.filter((_, index) => verdicts[index] === 'wanted');
    const others = own.flatMap((url, index) => {
      const verdict = verdicts[index]!;
      return verdict === 'wanted' ? [] : [{ url, why: NOT_WANTED[verdict] }];
    });
    return { wanted, excluded: others, redirects };
  }
}

function visitOf({ title, text, isIndexed }: PageContent): Visit {
  if (!isIndexed) return { kind: 'excluded', why: 'It asks not to be in any index.' };
  if (text === '') return { kind: 'excluded', why: 'It has no text.' };
  return { kind: 'read', title, text, hash: hash('sha256', `${title ?? ''}\n${text}`) };
}

/** The last part of the path; null: the URL has none. */
function fileNameOf(url: string): string | null {
  const name = new URL(url).pathname.split('/').at(-1)!;
  try {
    return decodeURIComponent(name) || null;
  } catch {
    return name;
  }
}

function isReadable(head: OutboundHead): boolean {
  return head.status === 200 && KINDS.has(mediaTypeOf(head)) && !isEncoded(head);
}

function isEncoded({ headers }: OutboundHead): boolean {
  return !/^(identity)?$/i.test((headers['content-encoding'] ?? '').trim());
}

/** Undefined if the server does not ask to wait. */
function retryAfterOf({ status, headers }: OutboundHead): number | undefined {
  const said = headers['retry-after'];
  if (status !== TOO_MANY && (status !== UNAVAILABLE || said === undefined)) return undefined;
  const seconds = /^\d+$/.test(said ?? '') ? Number(said) : (Date.parse(said ?? '') - Date.now()) / 1_000;
  return Math.min(Math.max(Number.isNaN(seconds) ? RETRY_AFTER_SECONDS : seconds, 1), RETRY_AFTER_SECONDS_MAX);
}

const NO_LINKS: FoundLinks = { wanted: [], excluded: [], redirects: 0 };

function excluded(why: string, links: FoundLinks = NO_LINKS): Visited {
  return { visit: { kind: 'excluded', why }, links, bytes: 0 };
}

function failed(why: string, isGone = false): Visited {
  return { visit: { kind: 'failed', why, isGone }, links: NO_LINKS, bytes: 0 };
}
