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

  @About('When it completed, failed or was cancelled.')
  @Column({ ...TIMESTAMP, nullable: true })
  completed_at: Date | null;

  @About('Pages found so far, without excluded ones. Null before the crawl starts.')
  @Column('integer', { nullable: true })
  @Field(nullable(INTEGER))
  total_pages: number | null;

  @About('New, updated, unchanged and failed pages.')
  @Column('integer', { default: 0 })
  completed_pages: number;

  @Column('integer', { default: 0 })
  new_pages: number;

  @Column('integer', { default: 0 })
  updated_pages: number;

  @About('Pages whose text was removed, because they no longer exist or are excluded now.')
  @Column('integer', { default: 0 })
  removed_pages: number;

  @Column('integer', { default: 0 })
  unchanged_pages: number;

  @Column('text', { nullable: true })
  error_message: string | null;

  /** Fences runs: a run that was presumed dead finds a later number and stops. */
  @Column('integer', { default: 0, select: false })
  run: number;

  @Column('integer', { default: 0, select: false })
  excluded_pages: number;

  @Column('bigint', { default: 0, select: false })
  bytes_read: string;

  /** How often the crawl was delayed because the site asked for it. */
  @Column('integer', { default: 0, select: false })
  put_offs: number;

  /** As fetched at the start of the crawl. Null before, and after the crawl. */
  @Column('text', { nullable: true, select: false })
  robots_txt: string | null;
}
