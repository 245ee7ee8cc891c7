import type { EntityManager } from 'typeorm';
import type { CrawlKey } from './crawl.job.js';
import { CrawlJob } from './crawl-job.entity.js';
import { CrawlPage } from './crawl-page.entity.js';
import { Datasource } from './datasource.entity.js';

/**
 * Ends a crawl early. Pages that it has read stay, the others are as before.
 * @param manager of a transaction that has locked the datasource, then the crawl; this order avoids deadlocks
 */
export async function endCrawl(
  manager: EntityManager,
  { org_id, datasource_id, id }: CrawlKey,
  status: 'failed' | 'cancelled',
  message: string | null = null,
): Promise<void> {
  const values = { status, error_message: message, completed_at: new Date(), robots_txt: null };
  await manager.update(CrawlJob, { org_id, id }, values);
  await manager.delete(CrawlPage, { org_id, datasource_id, status: 'pending' });
  await manager.update(CrawlPage, { org_id, datasource_id, is_waiting: true }, { is_waiting: false });
  if (status === 'failed') await manager.update(Datasource, { org_id, id: datasource_id }, { error_message: message });
}
