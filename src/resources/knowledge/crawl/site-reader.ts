import { Worker } from 'node:worker_threads';

const READ_WITHIN_MS = 10_000;
/** Includes the start of the thread on a busy machine. */
const START_WITHIN_MS = 30_000;
/** A crafted page can need far more memory than its size. It ends its thread, not the server. */
const MEGABYTES_MAX = 256;
/** Tests run the source, the server runs the build. */
const THREAD = new URL(`./site-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** Decides which pages of a site are crawled. */
export interface SiteRules {
  /** User agent in robots.txt. */
  readonly agent: string;
  readonly origin: string;
  readonly robotsTxt: string;
  readonly includePaths: readonly string[];
  readonly excludePaths: readonly string[];
}

export interface ReadPage {
  readonly url: string;
  readonly bytes: Uint8Array;
  readonly isHtml: boolean;
  /** Of the Content-Type header; undefined: the page may declare it. */
  readonly charset: string | undefined;
  /** The header X-Robots-Tag. */
  readonly robotsTag: string;
}

export interface PageContent {
  readonly title: string | null;
  /** One line per block. */
  readonly text: string;
  /** Absolute URLs, of any host, not canonical. */
  readonly links: readonly string[];
  /** False: the page has a `noindex` directive. */
  readonly isIndexed: boolean;
}

/** What robots.txt says beside its rules. */
export interface RobotsSettings {
  readonly crawlDelaySeconds: number;
  readonly sitemaps: readonly string[];
}

/** `disallowed`: by robots.txt. `left out`: by the paths of the datasource. */
export type Verdict = 'wanted' | 'disallowed' | 'left out';

/** The URLs that a sitemap names, as written. */
export interface SitemapContent {
  readonly pages: readonly string[];
  /** Further sitemaps, if it is an index. */
  readonly sitemaps: readonly string[];
}

export type Wanted = ReadPage | { readonly urls: readonly string[] } | { readonly sitemap: Uint8Array };
export type Told =
  | { readonly page: PageContent }
  | { readonly sitemap: SitemapContent }
  | { readonly verdicts: readonly Verdict[] }
  | RobotsSettings
  | { readonly problem: string };

/** A retry cannot help. Clients see the message. */
export class UnreadablePage extends Error {}

/**
 * Parses robots.txt and pages in a worker thread: a large page or a slow rule would block the event loop for seconds.
 * Handles one request at a time.
 */
export class SiteReader {
  #worker: Worker | undefined;

  constructor(
    private readonly rules: SiteRules,
    private readonly readWithinMs = READ_WITHIN_MS,
  ) {}

  /** @throws UnreadablePage if robots.txt cannot be parsed */
  async settings(): Promise<RobotsSettings> {
    await this.close();
    return (await this.#answerOf(this.#start(), START_WITHIN_MS)) as RobotsSettings;
  }

  /** @throws UnreadablePage */
  async read(page: ReadPage): Promise<PageContent> {
    return ((await this.#ask(page)) as { page: PageContent }).page;
  }

  /** @param bytes XML, or XML by gzip @throws UnreadablePage */
  async readSitemap(bytes: Uint8Array): Promise<SitemapContent> {
    return ((await this.#ask({ sitemap: bytes })) as { sitemap: SitemapContent }).sitemap;
  }

  /** @throws UnreadablePage if matching the rules takes too long */
  async match(urls: readonly string[]): Promise<readonly Verdict[]> {
    return ((await this.#ask({ urls })) as { verdicts: readonly Verdict[] }).verdicts;
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  async #ask(wanted: Wanted): Promise<Told> {
    if (this.#worker === undefined) await this.settings();
    const answer = this.#answerOf(this.#worker!, this.readWithinMs);
    this.#worker!.postMessage(wanted);
    return answer;
  }

  #start(): Worker {
    const worker = new Worker(THREAD, {
      workerData: this.rules,
      resourceLimits: { maxOldGenerationSizeMb: MEGABYTES_MAX },
    });
    // A worker can fail while idle. The next request starts another one.
    worker.on('error', () => undefined);
    worker.once('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    return (this.#worker = worker);
  }

  async #answerOf(worker: Worker, withinMs: number): Promise<Told> {
    const { promise, resolve, reject } = Promise.withResolvers<Told>();
    const tooLong = setTimeout(() => reject(new UnreadablePage('It takes too long to read.')), withinMs);
    const listeners = {
      message: (told: Told) => ('problem' in told ? reject(new UnreadablePage('It cannot be read.')) : resolve(told)),
      error: (error: NodeJS.ErrnoException) => {
        const isTooLarge = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
        reject(isTooLarge ? new UnreadablePage('It takes too much memory to read.') : error);
      },
      exit: (code: number) => reject(new Error(`The reader of pages ended with ${code}`)),
    };
    for (const [event, listener] of Object.entries(listeners)) worker.on(event, listener);
    try {
      return await promise;
    } catch (error) {
      // The worker may be busy forever, so the next request starts another one.
      await this.close();
      throw error;
    } finally {
      clearTimeout(tooLong);
      for (const [event, listener] of Object.entries(listeners)) worker.off(event, listener);
    }
  }
}
