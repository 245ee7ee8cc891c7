import { hash } from 'node:crypto';
import type { OutboundAnswer, Outbound, OutboundHead } from '../../../kit/outbound/outbound.js';
import { type FailureReason, OutboundFailure } from '../../../kit/outbound/outbound-failure.js';
import { canonicalUrl, isSameHost } from './canonical-url.js';
import type { Visit } from './page-change.js';
import { type PageContent, type SiteReader, UnreadablePage, type Verdict } from './site-reader.js';

/** User agent in robots.txt. */
export const AGENT = 'GatehouseBot';
export const WITHOUT_ROBOTS = 'Without robots.txt nothing may be read.';
const PAGE_BYTES_MAX = 5 * 1024 * 1024;
/** RFC 9309, section 2.5: the minimum that a crawler must parse. */
const ROBOTS_BYTES_MAX = 500 * 1024;
const REDIRECTS_MAX = 5;
const GONE: ReadonlySet<number> = new Set([404, 410]);
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const TOO_MANY = 429;
const SERVER_ERROR = 500;
const UNAVAILABLE = 503;
const RETRY_AFTER_SECONDS = 30;
const RETRY_AFTER_SECONDS_MAX = 600;
const TEXTS: ReadonlyMap<string, { isHtml: boolean }> = new Map([
  ['text/html', { isHtml: true }],
  ['application/xhtml+xml', { isHtml: true }],
  ['text/plain', { isHtml: false }],
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
      const answer = await ask(this.outbound, page.url, { timeoutMs: this.timeoutMs, signal, acceptsBody: isText });
      const visited = await this.#visitOf(page, answer);
      const isLeftOut = verdict === 'left out' && visited.visit.kind === 'read';
      return isLeftOut ? { ...visited, visit: { kind: 'excluded', why: NOT_WANTED[verdict] } } : visited;
    } catch (error) {
      if (error instanceof UnreadablePage) return failed(error.message);
      if (!(error instanceof OutboundFailure)) throw error;
      const bytes = error.reason === 'answer_too_large' ? PAGE_BYTES_MAX : 0;
      return { ...failed(sentenceOf(error.reason, this.timeoutMs)), bytes };
    }
  }

  async #visitOf(page: PageToVisit, answer: OutboundAnswer): Promise<Visited> {
    const { status, headers, body } = answer;
    if (REDIRECTS.has(status)) return this.#redirected(page, headers['location']);
    const retryAfterSeconds = retryAfterOf(answer);
    if (retryAfterSeconds !== undefined) return { ...failed(`The server answered ${status}.`), retryAfterSeconds };
    if (status !== 200) return failed(`The server answered ${status}.`, GONE.has(status));
    const type = mediaTypeOf(answer);
    const text = TEXTS.get(type);
    if (text === undefined) return excluded(type === '' ? 'It has no type.' : `It is no text, but ${type}.`);
    if (isEncoded(answer)) return failed('The response is compressed, although no compression was accepted.');
    const charset = /;\s*charset\s*=\s*"?([\w:-]+)/i.exec(headers['content-type'] ?? '')?.[1];
    const robotsTag = headers['x-robots-tag'] ?? '';
    const content = await this.reader.read({ url: page.url, bytes: body, charset, robotsTag, ...text });
    return { visit: visitOf(content), links: await this.#sorted(page.url, content.links), bytes: body.length };
  }

  async #redirected({ url, redirects }: PageToVisit, location: string | undefined): Promise<Visited> {
    const target = location === undefined ? undefined : canonicalUrl(location, url);
    if (target === undefined) return failed('It leads to no page.');
    if (!isSameHost(target, this.startUrl)) return excluded(`It leads to another host: ${new URL(target).host}.`);
    if (redirects >= REDIRECTS_MAX) return failed(`It is led to by more than ${REDIRECTS_MAX} redirects in a row.`);
    return excluded(`It leads to ${target}`, await this.#sorted(url, [target], redirects + 1));
  }

  async #sorted(from: string, links: readonly string[], redirects = 0): Promise<FoundLinks> {
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

/**
 * Fetches robots.txt (RFC 9309, section 2.3.1): a missing file allows everything, an unreachable one forbids everything.
 * @throws UnreadablePage if it is unreachable
 */
export async function readRobotsTxt(
  outbound: Outbound,
  siteUrl: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string> {
  try {
    const url = new URL('/robots.txt', siteUrl).href;
    const bounds = { timeoutMs, signal, redirectsMax: REDIRECTS_MAX, bodyBytesMax: ROBOTS_BYTES_MAX };
    const { status, body } = await ask(outbound, url, { ...bounds, acceptsBody: (head) => head.status === 200 });
    if (status >= SERVER_ERROR || status === TOO_MANY) throw new UnreadablePage(`The server answered ${status}.`);
    // Postgres cannot store NUL.
    return body.toString().replaceAll('\0', '');
  } catch (error) {
    if (!(error instanceof OutboundFailure)) throw error;
    throw new UnreadablePage(sentenceOf(error.reason, timeoutMs));
  }
}

type AskOptions = Partial<Parameters<Outbound['ask']>[0]> & { timeoutMs: number };

function ask(outbound: Outbound, url: string, options: AskOptions): Promise<OutboundAnswer> {
  const headers = {
    'user-agent': `${AGENT}/1.0`,
    accept: 'text/html, text/plain;q=0.5',
    'accept-encoding': 'identity',
  };
  return outbound.ask({ url, headers, allowsHttp: true, bodyBytesMax: PAGE_BYTES_MAX, ...options });
}

function isText(head: OutboundHead): boolean {
  return head.status === 200 && TEXTS.has(mediaTypeOf(head)) && !isEncoded(head);
}

function mediaTypeOf({ headers }: OutboundHead): string {
  return (headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();
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

function sentenceOf(reason: FailureReason, timeoutMs: number): string {
  const sentences: Readonly<Record<FailureReason, string>> = {
    timeout: `It did not answer within ${timeoutMs / 1_000} seconds.`,
    unreachable: 'It could not be reached on the public internet.',
    answer_too_large: 'It is larger than what is read.',
    too_many_redirects: 'It redirects too often.',
  };
  return sentences[reason];
}
