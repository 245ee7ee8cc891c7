import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow, TIMESTAMP } from '../../../core/database/base.entity.js';
import { About, Field } from '../../../core/wire/field.js';
import { oneOf, URI } from '../../../core/wire/schema.js';
import { Datasource } from './datasource.entity.js';

export const PAGE_STATUSES = ['synced', 'pending', 'error', 'excluded'] as const;

/** A page of a crawled website: pending, read or excluded. */
@Entity('crawl_pages')
@Index('crawl_pages_url', ['org_id', 'datasource_id', 'url'], { unique: true })
@Index('crawl_pages_datasource', ['org_id', 'datasource_id', 'id'])
@Index('crawl_pages_status', ['org_id', 'datasource_id', 'status', 'id'])
@Index('crawl_pages_waiting', ['org_id', 'datasource_id', 'id'], { where: 'is_waiting' })
@Index('crawl_pages_words', ['words'], { type: 'gin' })
@ForeignKey(() => Datasource, ['org_id', 'datasource_id'], ['org_id', 'id'], {
  name: 'crawl_pages_datasource_fk',
  onDelete: 'CASCADE',
})
export class CrawlPage extends OrgRow {
  @Column('uuid', { select: false })
  datasource_id: string;

  @Column('text')
  @Field(URI)
  url: string;

  @Column('text', { nullable: true })
  title: string | null;

  @About('A page that could not be read keeps its earlier text in the knowledge base.')
  @Column('text')
  @Field(oneOf(PAGE_STATUSES))
  status: (typeof PAGE_STATUSES)[number];

  @About('Why the page is excluded or could not be read.')
  @Column('text', { nullable: true })
  error_message: string | null;

  @About('When the text was last read.')
  @Column({ ...TIMESTAMP, nullable: true })
  last_synced_at: Date | null;

  /** Null: the page is not in the knowledge base. */
  @Column('text', { nullable: true, select: false })
  content: string | null;

  /** Of title and content. */
  @Column('text', { nullable: true, select: false })
  content_hash: string | null;

  /** Of title and content. A trigger keeps it current. */
  @Column('tsvector', { select: false })
  words: string;

  /** The last crawl that found it. */
  @Column('uuid', { select: false })
  crawl_id: string;

  /** That crawl has still to visit it. */
  @Column('boolean', { default: false, select: false })
  is_waiting: boolean;

  /** The page that first linked to it, if it still exists. Null: the start page, or a sitemap's. */
  @Column('uuid', { nullable: true, select: false })
  found_on: string | null;

  /** Number of consecutive redirects that led here. */
  @Column('smallint', { default: 0, select: false })
  redirects: number;
}
