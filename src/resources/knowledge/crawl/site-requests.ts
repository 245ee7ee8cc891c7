import type { Outbound, OutboundAnswer, OutboundHead } from '../../../kit/outbound/outbound.js';
import { type FailureReason, OutboundFailure } from '../../../kit/outbound/outbound-failure.js';
import { UnreadablePage } from './site-reader.js';

/** User agent in robots.txt. */
export const AGENT = 'GatehouseBot';
export const WITHOUT_ROBOTS = 'Without robots.txt nothing may be read.';
export const PAGE_BYTES_MAX = 5 * 1024 * 1024;
/** RFC 9309, section 2.5: the minimum that a crawler must parse. */
const ROBOTS_BYTES_MAX = 500 * 1024;
export const REDIRECTS_MAX = 5;
export const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
export const TOO_MANY = 429;
export const GONE: ReadonlySet<number> = new Set([404, 410]);
export const SERVER_ERROR = 500;
export const UNAVAILABLE = 503;

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

export type AskOptions = Partial<Parameters<Outbound['ask']>[0]> & { timeoutMs: number };

export function ask(outbound: Outbound, url: string, options: AskOptions): Promise<OutboundAnswer> {
  const headers = {
    'user-agent': `${AGENT}/1.0`,
    accept: 'text/html, text/plain;q=0.5, application/pdf;q=0.5, application/xml;q=0.5',
    'accept-encoding': 'identity',
  };
  return outbound.ask({ url, headers, allowsHttp: true, bodyBytesMax: PAGE_BYTES_MAX, ...options });
}

export function mediaTypeOf({ headers }: OutboundHead): string {
  return (headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();
}

export function sentenceOf(reason: FailureReason, timeoutMs: number): string {
  const sentences: Readonly<Record<FailureReason, string>> = {
    timeout: `It did not answer within ${timeoutMs / 1_000} seconds.`,
    unreachable: 'It could not be reached on the public internet.',
    answer_too_large: 'It is larger than what is read.',
    too_many_redirects: 'It redirects too often.',
  };
  return sentences[reason];
}
