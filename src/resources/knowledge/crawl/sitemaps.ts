import { setTimeout as pause } from 'node:timers/promises';
import type { Outbound } from '../../../kit/outbound/outbound.js';
import { OutboundFailure } from '../../../kit/outbound/outbound-failure.js';
import { canonicalUrl, isSameHost } from './canonical-url.js';
import type { FoundLinks, Site } from './site.js';
import { type SiteReader, UnreadablePage } from './site-reader.js';
import { ask, REDIRECTS, SERVER_ERROR, TOO_MANY } from './site-requests.js';

const FILES_MAX = 50;
/** As many as a crawl visits. */
const PAGES_MAX = 10_000;
const MS_MAX = 60_000;

/** What the sitemaps of a site name. */
export interface FoundSitemaps {
  readonly links: FoundLinks;
  /** False: a sitemap could not be read at the moment, so that its pages are unknown. */
  readonly isComplete: boolean;
  readonly bytes: number;
}

export interface SitemapReading {
  readonly outbound: Outbound;
  readonly site: Site;
  readonly reader: SiteReader;
  readonly startUrl: string;
  /** For one sitemap. */
  readonly timeoutMs: number;
  /** After each sitemap. */
  readonly delayMs: number;
  readonly signal: AbortSignal;
}

/**
 * Reads the sitemaps that robots.txt names, or else /sitemap.xml, and the sitemaps that they name. Those of other hosts,
 * and those that robots.txt disallows, are ignored.
 */
export async function readSitemaps(named: readonly string[], reading: SitemapReading): Promise<FoundSitemaps> {
  const { site, startUrl, delayMs, signal } = reading;
  const own = (urls: readonly string[]) =>
    urls.flatMap((url) => canonicalUrl(url, startUrl) ?? []).filter((url) => isSameHost(url, startUrl));
  const files = new Set(own(named.length > 0 ? named : ['/sitemap.xml']));
  const pages = new Set<string>();
  const end = performance.now() + MS_MAX;
  let isComplete = true;
  let bytes = 0;
  let read = 0;
  // Iterates over the files that are added meanwhile, too.
  for (const url of files) {
    if (read++ === FILES_MAX || pages.size >= PAGES_MAX) break;
    const found = performance.now() < end ? await readSitemap(url, reading) : undefined;
    isComplete &&= found !== undefined;
    bytes += found?.bytes ?? 0;
    for (const file of own(found?.sitemaps ?? [])) files.add(file);
    for (const page of found?.pages ?? []) pages.add(page);
    if (delayMs > 0) await pause(delayMs, undefined, { signal });
  }
  return { links: await site.sort(startUrl, [...pages].slice(0, PAGES_MAX)), isComplete, bytes };
}

interface ReadSitemap {
  readonly pages: readonly string[];
  readonly sitemaps: readonly string[];
  readonly bytes: number;
}

const NOTHING: ReadSitemap = { pages: [], sitemaps: [], bytes: 0 };

/** @returns undefined if it can't be read at the moment */
async function readSitemap(
  url: string,
  { outbound, reader, timeoutMs, signal }: SitemapReading,
): Promise<ReadSitemap | undefined> {
  try {
    if ((await reader.match([url]))[0] === 'disallowed') return NOTHING;
    const acceptsBody = ({ status }: { status: number }) => status === 200;
    const { status, headers, body } = await ask(outbound, url, { timeoutMs, signal, acceptsBody });
    if (status >= SERVER_ERROR || status === TOO_MANY) return undefined;
    const target = REDIRECTS.has(status) ? canonicalUrl(headers['location'] ?? '', url) : undefined;
    if (target !== undefined) return { ...NOTHING, sitemaps: [target] };
    return status === 200 ? { ...(await reader.readSitemap(body)), bytes: body.length } : NOTHING;
  } catch (error) {
    if (error instanceof OutboundFailure || error instanceof UnreadablePage) return undefined;
    throw error;
  }
}
