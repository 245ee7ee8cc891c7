// A thread of its own: it imports nothing of ours but types, so that it runs from the source as it is.
import { parentPort, workerData } from 'node:worker_threads';
import { Parser } from 'htmlparser2';
import robotsModule from 'robots-parser';
import type { ReadPage, SiteRules, Told, Verdict, Wanted } from './site-reader.js';

const rules = workerData as SiteRules;
/** Its types are of another kind of module than it is. */
const robotsOf = robotsModule as unknown as typeof robotsModule.default;

const LINKS_MAX = 2_000;
const TITLE_CHARACTERS_MAX = 300;
/** As much as Postgres indexes of any text; a hundred pages of a book. */
const TEXT_CHARACTERS_MAX = 100_000;
/** Where a document may name its encoding (HTML, section 4.2.5.4). */
const ENCODING_BYTES = 1_024;

/** What nobody reads, or reads on every page of the site. */
const SILENT = new Set([
  ...['script', 'style', 'noscript', 'template', 'svg', 'math', 'iframe', 'object', 'canvas', 'audio', 'video'],
  ...['nav', 'footer', 'select', 'datalist', 'button', 'dialog'],
]);
/** Stands in a line with what is around it; all else begins a line of its own. */
const INLINE = new Set([
  ...['a', 'abbr', 'acronym', 'b', 'bdi', 'bdo', 'big', 'cite', 'code', 'data', 'del', 'dfn', 'em', 'font', 'i', 'ins'],
  ...['kbd', 'label', 'mark', 'q', 'ruby', 's', 'samp', 'small', 'span', 'strong', 'sub', 'sup', 'time', 'tt', 'u'],
  ...['var', 'wbr', 'img', 'picture', 'input'],
]);
/** Directives with a value; any other name before a colon is a crawler's. */
const WITH_VALUE = new Set(['unavailable_after', 'max-snippet', 'max-image-preview', 'max-video-preview']);
const CELLS = new Set(['td', 'th', 'dd']);

const robots = robotsOf(`${rules.origin}/robots.txt`, rules.robotsTxt);
/** Paths are matched as robots.txt does it: by their beginning, `*` for anything, `$` for the end. */
const include = pathsOf(rules.includePaths.map((path) => `Allow: ${path}`).concat('Disallow: /'));
const exclude = pathsOf(rules.excludePaths.map((path) => `Disallow: ${path}`));

parentPort!.on('message', (wanted: Wanted) => {
  try {
    const told: Told =
      'urls' in wanted
        ? { verdicts: wanted.urls.map(verdictOn) }
        : { page: wanted.isHtml ? read(wanted) : plain(wanted) };
    parentPort!.postMessage(told);
  } catch (error) {
    parentPort!.postMessage({ problem: String(error) } satisfies Told);
  }
});
parentPort!.postMessage({ crawlDelaySeconds: robots.getCrawlDelay(rules.agent) ?? 0 } satisfies Told);

function pathsOf(lines: readonly string[]) {
  return robotsOf(`${rules.origin}/robots.txt`, ['User-agent: *', ...lines].join('\n'));
}

function verdictOn(url: string): Verdict {
  const { pathname, search } = new URL(url);
  // One robots.txt for both, whether a page is had with TLS or without.
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

function mayIndex(directives: readonly string[]): boolean {
  return !directives.some((each) => each === 'noindex' || each === 'none');
}

function tokensOf(text: string, between: RegExp): string[] {
  return text.toLowerCase().split(between).filter(Boolean);
}

/**
 * The directives of X-Robots-Tag for every crawler and for ours: `a, b, somebot: c, d`, where a crawler's name counts
 * for what follows it, up to the next name.
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

/** Text as it comes in, up to as much as is kept. */
class Lines {
  #characters = 0;
  readonly #parts: string[] = [];

  write(text: string): void {
    // Twice of what is kept, for the blanks that go.
    if (this.#characters > 2 * TEXT_CHARACTERS_MAX) return;
    this.#parts.push(text);
    this.#characters += text.length;
  }

  get text(): string {
    return tidied(this.#parts.join(''));
  }
}

/** Lines without blanks at their ends and blank ones between them; nothing that Postgres can't store. */
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
  // A byte order mark says it best.
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
