// Worker thread. It imports only types from this code base, so that tests can run the source.
import { parentPort, workerData } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';
import { Parser } from 'htmlparser2';
import robotsModule from 'robots-parser';
import type { ReadPage, SitemapContent, SiteRules, Told, Verdict, Wanted } from './site-reader.js';

const rules = workerData as SiteRules;
/** Its types declare an ES module, but it is CommonJS. */
const robotsOf = robotsModule as unknown as typeof robotsModule.default;

const LINKS_MAX = 2_000;
/** The limits of sitemaps.org. */
const SITEMAP_BYTES_MAX = 50 * 1024 * 1024;
const SITEMAP_URLS_MAX = 50_000;
const TITLE_CHARACTERS_MAX = 300;
/** About a hundred pages of a book. The full-text index takes any text of this length. */
const TEXT_CHARACTERS_MAX = 100_000;
/** HTML, section 4.2.5.4: a document declares its encoding within these bytes. */
const ENCODING_BYTES = 1_024;

/** Elements without text, or with text that every page of a site repeats. */
const SILENT = new Set([
  ...['script', 'style', 'noscript', 'template', 'svg', 'math', 'iframe', 'object', 'canvas', 'audio', 'video'],
  ...['nav', 'footer', 'select', 'datalist', 'button', 'dialog'],
]);
/** Elements inside a line. All others start a new line. */
const INLINE = new Set([
  ...['a', 'abbr', 'acronym', 'b', 'bdi', 'bdo', 'big', 'cite', 'code', 'data', 'del', 'dfn', 'em', 'font', 'i', 'ins'],
  ...['kbd', 'label', 'mark', 'q', 'ruby', 's', 'samp', 'small', 'span', 'strong', 'sub', 'sup', 'time', 'tt', 'u'],
  ...['var', 'wbr', 'img', 'picture', 'input'],
]);
/** Directives with a value. Any other name before a colon is a user agent. */
const WITH_VALUE = new Set(['unavailable_after', 'max-snippet', 'max-image-preview', 'max-video-preview']);
const CELLS = new Set(['td', 'th', 'dd']);

const robots = robotsOf(`${rules.origin}/robots.txt`, rules.robotsTxt);
/** The paths of a datasource are matched like those of robots.txt: by prefix, with `*` and `$`. */
const include = pathsOf(rules.includePaths.map((path) => `Allow: ${path}`).concat('Disallow: /'));
const exclude = pathsOf(rules.excludePaths.map((path) => `Disallow: ${path}`));

parentPort!.on('message', (wanted: Wanted) => {
  try {
    parentPort!.postMessage(answerTo(wanted));
  } catch (error) {
    parentPort!.postMessage({ problem: String(error) } satisfies Told);
  }
});
parentPort!.postMessage({
  crawlDelaySeconds: robots.getCrawlDelay(rules.agent) ?? 0,
  sitemaps: robots.getSitemaps(),
} satisfies Told);

function answerTo(wanted: Wanted): Told {
  if ('urls' in wanted) return { verdicts: wanted.urls.map(verdictOn) };
  if ('sitemap' in wanted) return { sitemap: sitemapOf(wanted.sitemap) };
  return { page: wanted.isHtml ? read(wanted) : plain(wanted) };
}

function pathsOf(lines: readonly string[]) {
  return robotsOf(`${rules.origin}/robots.txt`, ['User-agent: *', ...lines].join('\n'));
}

function verdictOn(url: string): Verdict {
  const { pathname, search } = new URL(url);
  // The robots.txt of the start URL holds for http and https.
  const at = rules.origin + pathname + search;
  if (robots.isDisallowed(at, rules.agent)) return 'disallowed';
  if (exclude.isDisallowed(at)) return 'left out';
  return rules.includePaths.length === 0 || include.isAllowed(at) ? 'wanted' : 'left out';
}

function plain({ bytes, charset, robotsTag }: ReadPage) {
  const text = decoded(bytes, charset);
  return { title: null, text: tidied(text), links: [], isIndexed: mayIndex(directivesForUs(robotsTag)) };
}

function read({ bytes, charset, url, robotsTag }: ReadPage) {
  const [whole, main] = [new Lines(), new Lines()];
  const links = new Set<string>();
  let base = url;
  const directives = directivesForUs(robotsTag);
  let title = '';
  let silent = 0;
  let mains = 0;
  let titles = 0;
  const write = (text: string) => {
    if (silent > 0) return;
    whole.write(text);
    if (mains > 0) main.write(text);
  };
  const breakBefore = (name: string) => {
    if (CELLS.has(name)) write('\t');
    else if (!INLINE.has(name)) write('\n');
  };
  const parser = new Parser({
    onopentag(name, attributes) {
      if (SILENT.has(name)) silent++;
      else if (name === 'main') mains++;
      else if (name === 'title' && title === '' && silent === 0) titles++;
      else if (name === 'base') base = URL.parse(attributes['href'] ?? '', url)?.href ?? base;
      else if (name === 'meta' && /^(robots|gatehousebot)$/i.test(attributes['name'] ?? '')) {
        directives.push(...tokensOf(attributes['content'] ?? '', /[\s,]+/));
      }
      const { href, rel = '' } = attributes;
      if ((name === 'a' || name === 'area') && href !== undefined && !tokensOf(rel, /\s+/).includes('nofollow')) {
        const target = links.size < LINKS_MAX ? URL.parse(href, base) : null;
        if (target !== null) links.add(target.href);
      }
      breakBefore(name);
    },
    onclosetag(name) {
      if (SILENT.has(name)) silent--;
      else if (name === 'main') mains--;
      else if (name === 'title') titles = 0;
      if (!CELLS.has(name)) breakBefore(name);
    },
    ontext(text) {
      if (titles > 0) title += text;
      else write(text.replace(/\s+/g, ' '));
    },
  });
  parser.end(decoded(bytes, charset ?? charsetNamedIn(bytes)));
  return {
    title: tidied(title).replaceAll('\n', ' ').slice(0, TITLE_CHARACTERS_MAX).toWellFormed() || null,
    text: main.text || whole.text,
    links: directives.some((each) => each === 'nofollow' || each === 'none') ? [] : [...links],
    isIndexed: mayIndex(directives),
  };
}

/** Reads a sitemap or an index of sitemaps (sitemaps.org). */
function sitemapOf(bytes: Uint8Array): SitemapContent {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const xml = decoded(isGzip ? gunzipSync(bytes, { maxOutputLength: SITEMAP_BYTES_MAX }) : bytes);
  const content = { url: [] as string[], sitemap: [] as string[] };
  let within: keyof typeof content | undefined;
  let location: string | undefined;
  const parser = new Parser(
    {
      onopentag(name) {
        if (name === 'url' || name === 'sitemap') within = name;
        else if (name === 'loc' && within !== undefined) location = '';
      },
      ontext(text) {
        if (location !== undefined) location += text;
      },
      onclosetag(name) {
        if (name === 'loc' && location !== undefined && within !== undefined) {
          if (content[within].length < SITEMAP_URLS_MAX) content[within].push(location.trim());
          location = undefined;
        } else if (name === within) within = undefined;
      },
    },
    { xmlMode: true },
  );
  parser.end(xml);
  return { pages: content.url, sitemaps: content.sitemap };
}

function mayIndex(directives: readonly string[]): boolean {
  return !directives.some((each) => each === 'noindex' || each === 'none');
}

function tokensOf(text: string, between: RegExp): string[] {
  return text.toLowerCase().split(between).filter(Boolean);
}

/**
 * The directives of X-Robots-Tag for every crawler and for this one. In `a, b, somebot: c, d` a user agent applies to the
 * directives that follow it, up to the next user agent.
 */
function directivesForUs(robotsTag: string): string[] {
  let agent: string | undefined;
  return tokensOf(robotsTag, /,/).flatMap((token) => {
    const [, name, rest = ''] = /^\s*([\w-]+)\s*:(.*)$/s.exec(token) ?? [];
    if (name !== undefined && WITH_VALUE.has(name)) return [];
    if (name !== undefined) agent = name;
    const isForUs = agent === undefined || agent === rules.agent.toLowerCase();
    return isForUs ? [(name === undefined ? token : rest).trim()] : [];
  });
}

/** Collects text up to a limit. */
class Lines {
  #characters = 0;
  readonly #parts: string[] = [];

  write(text: string): void {
    // Twice the limit, because blanks are removed later.
    if (this.#characters > 2 * TEXT_CHARACTERS_MAX) return;
    this.#parts.push(text);
    this.#characters += text.length;
  }

  get text(): string {
    return tidied(this.#parts.join(''));
  }
}

/** Trims lines, removes blank ones, and removes characters that Postgres cannot store. */
function tidied(text: string): string {
  const lines = text.replaceAll('\0', '').split(/\r\n?|\n/);
  const tidy = lines.map((line) =>
    line
      .replace(/[^\S\t]+/g, ' ')
      .replace(/ ?\t[ \t]*/g, '\t')
      .trim(),
  );
  return tidy
    .filter((line) => line !== '')
    .join('\n')
    .slice(0, TEXT_CHARACTERS_MAX)
    .toWellFormed();
}

function charsetNamedIn(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, ENCODING_BYTES)).toString('latin1');
  return /<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w:-]{1,40})/i.exec(head)?.[1];
}

function decoded(bytes: Uint8Array, charset = 'utf-8'): string {
  // A byte order mark takes precedence.
  const marked = ({ efbbbf: 'utf-8', fffe: 'utf-16le', feff: 'utf-16be' } as Record<string, string>)[markOf(bytes)];
  try {
    return new TextDecoder(marked ?? charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

function markOf(bytes: Uint8Array): string {
  const three = Buffer.from(bytes.subarray(0, 3)).toString('hex');
  return three === 'efbbbf' ? three : three.slice(0, 4);
}
