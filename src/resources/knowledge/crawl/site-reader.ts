import { Worker } from 'node:worker_threads';

const READ_WITHIN_MS = 10_000;
/** With what it takes to start the thread, where much else is done. */
const START_WITHIN_MS = 30_000;
/** A page can be made to take far more than it weighs; it ends its own thread, not the server. */
const MEGABYTES_MAX = 256;
/** As in the source where the tests run it, and as built. */
const THREAD = new URL(`./site-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** What decides over a site's pages. */
export interface SiteRules {
  /** The name that robots.txt knows us by. */
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
  /** As the server says; undefined: the page may say it itself. */
  readonly charset: string | undefined;
  /** The header X-Robots-Tag. */
  readonly robotsTag: string;
}

export interface PageContent {
  readonly title: string | null;
  /** A line for each of its lines. */
  readonly text: string;
  /** Where it leads, anywhere: as they are written, but whole. */
  readonly links: readonly string[];
  /** False: its site doesn't want it in any index. */
  readonly isIndexed: boolean;
}

/** Disallowed by robots.txt, or left out by the datasource's own paths. */
export type Verdict = 'wanted' | 'disallowed' | 'left out';

export type Wanted = ReadPage | { readonly urls: readonly string[] };
export type Told =
  | { readonly page: PageContent }
  | { readonly verdicts: readonly Verdict[] }
  | { readonly crawlDelaySeconds: number }
  | { readonly problem: string };

/** Nobody will get more out of this page; the message is for the client. */
export class UnreadablePage extends Error {}

/**
 * Reads what a site says, in a thread of its own: a large page, or rules that are made to be slow, take seconds in
 * which this one would answer nobody. One question at a time.
 */
export class SiteReader {
  #worker: Worker | undefined;

  constructor(
    private readonly rules: SiteRules,
    private readonly readWithinMs = READ_WITHIN_MS,
  ) {}

  /** What robots.txt asks to be left between two pages. @throws UnreadablePage when it can't be made out */
  async crawlDelaySeconds(): Promise<number> {
    await this.close();
    const told = await this.#answerOf(this.#start(), START_WITHIN_MS);
    return (told as { crawlDelaySeconds: number }).crawlDelaySeconds;
  }

  /** @throws UnreadablePage */
  async read(page: ReadPage): Promise<PageContent> {
    return ((await this.#ask(page)) as { page: PageContent }).page;
  }

  /** @throws UnreadablePage when the rules take too long for them */
  async judge(urls: readonly string[]): Promise<readonly Verdict[]> {
    return ((await this.#ask({ urls })) as { verdicts: readonly Verdict[] }).verdicts;
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  async #ask(wanted: Wanted): Promise<Told> {
    if (this.#worker === undefined) await this.crawlDelaySeconds();
    const answer = this.#answerOf(this.#worker!, this.readWithinMs);
    this.#worker!.postMessage(wanted);
    return answer;
  }

  #start(): Worker {
    const worker = new Worker(THREAD, {
      workerData: this.rules,
      resourceLimits: { maxOldGenerationSizeMb: MEGABYTES_MAX },
    });
    // It may also fail while nobody asks it anything; the next one who does hears of its end.
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
      // What it does now it may do for ever; the next question is another one's.
      await this.close();
      throw error;
    } finally {
      clearTimeout(tooLong);
      for (const [event, listener] of Object.entries(listeners)) worker.off(event, listener);
    }
  }
}
