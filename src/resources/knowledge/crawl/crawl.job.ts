import { defineJob, defineScheduledJob } from '../../../core/jobs/job.js';
import type { CrawlJob } from './crawl-job.entity.js';

export type CrawlKey = Pick<CrawlJob, 'org_id' | 'datasource_id' | 'id'>;
/** One run of a crawl. It continues where the previous run stopped. */
export type CrawlRun = CrawlKey & Pick<CrawlJob, 'run'>;

/** Reads pages for a short time and enqueues the next run, so that a crawl of hours is many short jobs. */
export const CRAWL = defineJob<CrawlRun>({
  name: 'crawl',
  retries: 8,
  retryAfterSeconds: 2,
  secondsMax: 900,
  atOnce: 4,
});

/** Every minute, by one process. */
export const CRAWL_SCHEDULE = defineScheduledJob({
  name: 'crawl-schedule',
  schedule: '* * * * *',
  retries: 1,
  retryAfterSeconds: 10,
  secondsMax: 300,
});
