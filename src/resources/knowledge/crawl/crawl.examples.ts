import { defineExamples } from '../../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../../core/wire/example-ids.js';

const RULES = { exclude_paths: ['/careers/*'], include_paths: ['/cruises/*', '/faq/*'] };

export const crawlExamples = defineExamples({
  schemas: {
    CreateDatasourceDto: {
      url: 'https://www.harbourtours.example/',
      display_name: 'Website',
      page_limit: 200,
      ...RULES,
      crawl_interval_hours: 168,
      auto_start_crawl: false,
    },
    UpdateDatasourceDto: { page_limit: 300, crawl_interval_hours: 24, status: 'active' },
    Datasource: {
      id: IDS.datasource,
      url: 'https://www.harbourtours.example/',
      display_name: 'Website',
      page_limit: 200,
      ...RULES,
      crawl_interval_hours: 168,
      status: 'active',
      last_crawl_started_at: '2026-03-09T01:00:00.000Z',
      last_crawl_completed_at: '2026-03-09T01:04:12.480Z',
      error_message: null,
    },
    DatasourceDetails: {
      id: IDS.datasource,
      url: 'https://www.harbourtours.example/',
      display_name: 'Website',
      page_limit: 200,
      ...RULES,
      crawl_interval_hours: 168,
      status: 'active',
      last_crawl_started_at: '2026-03-09T01:00:00.000Z',
      last_crawl_completed_at: '2026-03-09T01:04:12.480Z',
      error_message: null,
      active_crawl_job: null,
    },
    PageStats: { total: 131, synced: 128, pending: 0, error: 1, excluded: 2 },
    CrawlJob: {
      id: IDS.crawlJob,
      datasource_id: IDS.datasource,
      started_at: '2026-03-09T01:00:00.000Z',
      completed_at: '2026-03-09T01:04:12.480Z',
      status: 'completed',
      total_pages: 129,
      completed_pages: 129,
      new_pages: 3,
      updated_pages: 11,
      removed_pages: 1,
      unchanged_pages: 115,
      error_message: null,
    },
    CrawlPage: {
      id: IDS.crawlPage,
      url: 'https://www.harbourtours.example/faq/baggage',
      title: 'What may I bring on board?',
      status: 'synced',
      error_message: null,
      last_synced_at: '2026-03-09T01:02:40.115Z',
    },
  },
  paths: { '/crawl/{id}': IDS.datasource },
  operations: {
    'crawl.start': {
      response: { status: 'pending', started_at: null, completed_at: null, total_pages: null, completed_pages: 0 },
    },
    'crawl.listPages': { query: { status: 'synced' } },
  },
});
