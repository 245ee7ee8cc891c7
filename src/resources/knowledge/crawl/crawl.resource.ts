import { defineResource } from '../../../kit/crud/define-resource.js';
import { CrawlJob } from './crawl-job.entity.js';
import { CrawlPage } from './crawl-page.entity.js';
import { CrawlPages } from './crawl-pages.service.js';
import { CrawlSchedule } from './crawl-schedule.js';
import { CrawlSteps } from './crawl-steps.service.js';
import { CrawlWorker } from './crawl-worker.js';
import { CrawlController } from './crawl.controller.js';
import { Crawls } from './crawls.service.js';
import { kit } from './datasources.definition.js';
import { Datasources } from './datasources.service.js';

export const crawl = defineResource({
  ...kit.definition,
  service: Datasources,
  controller: CrawlController,
  entities: [CrawlJob, CrawlPage],
  providers: [Crawls, CrawlPages, CrawlSteps, CrawlWorker, CrawlSchedule],
});
