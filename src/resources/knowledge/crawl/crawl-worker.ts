import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type Config } from '../../../core/config/config.js';
import { Jobs } from '../../../core/jobs/jobs.service.js';
import { LOG, type Log } from '../../../core/logging/log.js';
import { Outbound } from '../../../kit/outbound/outbound.js';
import { CRAWL, type CrawlRun } from './crawl.job.js';
import { CrawlSteps, type OpenCrawl } from './crawl-steps.service.js';
import { Site } from './site.js';
import { SiteReader, UnreadablePage } from './site-reader.js';
import { AGENT, readRobotsTxt, WITHOUT_ROBOTS } from './site-requests.js';
import { readSitemaps } from './sitemaps.js';

/** After this time other crawls get their turn. */
const RUN_MS = 20_000;
/** Upper limit of a Crawl-delay. */
const CRAWL_DELAY_SECONDS_MAX = 30;

/** Runs crawls. If the process dies, another one resumes the crawl. */
@Injectable()
export class CrawlWorker implements OnModuleInit {
  constructor(
    private readonly steps: CrawlSteps,
    private readonly jobs: Jobs,
    private readonly outbound: Outbound,
    @Inject(CONFIG) private readonly config: Pick<Config, 'crawl'>,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(CRAWL, {
      run: (run, signal) => this.#run(run, signal),
      giveUp: (run) => this.steps.fail(run, 'It was given up after several tries.'),
    });
  }

  async #run(run: CrawlRun, signal: AbortSignal): Promise<void> {
    const crawl = await this.steps.begin(run);
    if (crawl === undefined) return;
    let reader: SiteReader | undefined;
    try {
      const robotsTxt = crawl.robots_txt ?? (await readRobotsTxt(this.outbound, crawl.url, this.#timeoutMs, signal));
      reader = readerOf(crawl, robotsTxt);
      const rest = await this.#crawl(run, { ...crawl, robotsTxt }, reader, signal);
      if (rest) await this.steps.handOver(run, rest.after);
    } catch (error) {
      // Pages handle their own failures, so this one is of robots.txt.
      if (error instanceof UnreadablePage) return await this.steps.fail(run, `${WITHOUT_ROBOTS} ${error.message}`);
      // On shutdown, or after losing the job, the next run continues here.
      if (!signal.aborted) throw error;
      await this.steps.handOver(run);
    } finally {
      await reader?.close();
      this.log.info({ crawl: run.id, run: run.run }, 'a run of a crawl has ended');
    }
  }

  /** @returns when to continue; undefined if the crawl is over */
  async #crawl(
    run: CrawlRun,
    { url, mayBePutOff, robots_txt, robotsTxt }: OpenCrawl & { readonly robotsTxt: string },
    reader: SiteReader,
    signal: AbortSignal,
  ): Promise<{ after?: Date } | undefined> {
    const { outbound } = this;
    const timeoutMs = this.#timeoutMs;
    const site = new Site(outbound, reader, url, timeoutMs);
    const { crawlDelaySeconds, sitemaps } = await reader.settings();
    const asked = Math.min(Math.max(crawlDelaySeconds, 0), CRAWL_DELAY_SECONDS_MAX) * 1_000;
    const delayMs = Math.max(asked, this.config.crawl.delayMs);
    const end = performance.now() + RUN_MS;
    if (robots_txt === null) {
      const reading = { outbound, site, reader, startUrl: url, timeoutMs, delayMs, signal };
      await this.steps.keepRobotsTxt(run, robotsTxt, await readSitemaps(sitemaps, reading));
    }
    do {
      const page = await this.steps.next(run);
      const visited = page && (await site.visit(page, signal));
      const patience = visited?.retryAfterSeconds;
      if (patience !== undefined && mayBePutOff) return { after: new Date(Date.now() + patience * 1_000) };
      const goesOn = visited ? await this.steps.record(run, page!, visited) : await this.steps.finish(run);
      if (!goesOn) return undefined;
      if (delayMs > 0) await pause(delayMs, undefined, { signal });
      signal.throwIfAborted();
    } while (performance.now() < end);
    return {};
  }

  get #timeoutMs(): number {
    return this.config.crawl.pageTimeoutSeconds * 1_000;
  }
}

function readerOf({ url, include_paths, exclude_paths }: OpenCrawl, robotsTxt: string): SiteReader {
  const { origin } = new URL(url);
  return new SiteReader({ agent: AGENT, origin, robotsTxt, includePaths: include_paths, excludePaths: exclude_paths });
}
