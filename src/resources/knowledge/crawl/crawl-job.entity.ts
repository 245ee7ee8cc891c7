import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow, TIMESTAMP } from '../../../core/database/base.entity.js';
import { About, Field } from '../../../core/wire/field.js';
import { INTEGER, nullable, oneOf } from '../../../core/wire/schema.js';
import { Datasource } from './datasource.entity.js';

export const CRAWL_STATUSES = ['pending', 'scraping', 'completed', 'failed', 'cancelled'] as const;

/** One crawl of a website. */
@Entity('crawl_jobs')
@Index('crawl_jobs_datasource', ['org_id', 'datasource_id', 'id'])
@Index('crawl_jobs_one_active', ['org_id', 'datasource_id'], {
  unique: true,
  where: `status IN ('pending', 'scraping')`,
})
@ForeignKey(() => Datasource, ['org_id', 'datasource_id'], ['org_id', 'id'], {
  name: 'crawl_jobs_datasource_fk',
  onDelete: 'CASCADE',
})
export class CrawlJob extends OrgRow {
  @Column('uuid')
  datasource_id: string;

  @Column('text', { default: 'pending' })
  @Field(oneOf(CRAWL_STATUSES))
  status: (typeof CRAWL_STATUSES)[number];

  @Column({ ...TIMESTAMP, nullable: true })
  started_at: Date | null;

  @About('Or when it failed or was cancelled.')
  @Column({ ...TIMESTAMP, nullable: true })
  completed_at: Date | null;

  @About('Known so far; null before it starts. Excluded pages are no part of it.')
  @Column('integer', { nullable: true })
  @Field(nullable(INTEGER))
  total_pages: number | null;

  @About('New, updated and unchanged ones, and those that could not be read.')
  @Column('integer', { default: 0 })
  completed_pages: number;

  @Column('integer', { default: 0 })
  new_pages: number;

  @Column('integer', { default: 0 })
  updated_pages: number;

  @About('Had a text before, and are no longer there, or no longer to be read.')
  @Column('integer', { default: 0 })
  removed_pages: number;

  @Column('integer', { default: 0 })
  unchanged_pages: number;

  @Column('text', { nullable: true })
  error_message: string | null;

  /** Which run of it holds: one that was thought dead, and wasn't, finds that it is no longer its turn. */
  @Column('integer', { default: 0, select: false })
  run: number;

  @Column('integer', { default: 0, select: false })
  excluded_pages: number;

  @Column('bigint', { default: 0, select: false })
  bytes_read: string;

  /** How often the site has asked for more patience. */
  @Column('integer', { default: 0, select: false })
  put_offs: number;

  /** As the site had it when the crawl began; null before, and when it is over. */
  @Column('text', { nullable: true, select: false })
  robots_txt: string | null;
}
