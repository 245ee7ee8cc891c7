import { applyDecorators } from '@nestjs/common';
import { ArrayMaxSize, IsArray, IsInt, Matches, Max, Min } from 'class-validator';
import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow, TIMESTAMP } from '../../../core/database/base.entity.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import { MaxLength } from '../../../core/validation/text-length.js';
import { About, Field } from '../../../core/wire/field.js';
import { INTEGER, listOf, nullable, oneOf, TEXT, URI } from '../../../core/wire/schema.js';

export const DATASOURCE_STATUSES = ['active', 'paused'] as const;

/** A website to crawl. */
@Entity('crawl_datasources')
@Index('crawl_datasources_org_url', ['org_id', 'url'], { unique: true })
@Index('crawl_datasources_due', ['next_crawl_at'], { where: `status = 'active'` })
export class Datasource extends OrgRow {
  @ForeignKey(() => Org, { name: 'crawl_datasources_org_fk' })
  override org_id: string;

  @About('The start page, normalized and without a fragment.')
  @Column('text')
  @Field(URI)
  url: string;

  @About('Defaults to the host of the URL.')
  @Column('text')
  display_name: string;

  @About('A paused datasource is not crawled.')
  @Column('text', { default: 'active' })
  @Field(oneOf(DATASOURCE_STATUSES))
  status: (typeof DATASOURCE_STATUSES)[number];

  @About('Maximum number of pages of a crawl; null: 10,000.')
  @Column('integer', { nullable: true })
  @Field(nullable(INTEGER))
  page_limit: number | null;

  @Column('text', { array: true, default: () => "'{}'" })
  @Field(listOf(TEXT))
  exclude_paths: string[];

  @Column('text', { array: true, default: () => "'{}'" })
  @Field(listOf(TEXT))
  include_paths: string[];

  @About('Hours between the starts of two crawls; null: crawls are started by request only.')
  @Column('integer', { nullable: true })
  @Field(nullable(INTEGER))
  crawl_interval_hours: number | null;

  @Column({ ...TIMESTAMP, nullable: true })
  last_crawl_started_at: Date | null;

  @Column({ ...TIMESTAMP, nullable: true })
  last_crawl_completed_at: Date | null;

  @About('Why the last crawl failed; null if it did not fail.')
  @Column('text', { nullable: true })
  error_message: string | null;

  @Column({ ...TIMESTAMP, nullable: true, select: false })
  next_crawl_at: Date | null;
}

/** Paths in the syntax of robots.txt. */
export function IsPathList(): PropertyDecorator {
  return applyDecorators(
    Matches(/^[/*][\x21\x22\x24-\x7e\u00a1-\uffff]*$/u, {
      each: true,
      message: 'each value in $property must be a path that starts with / or *, without spaces and #',
    }),
    MaxLength(500, { each: true }),
    ArrayMaxSize(100),
    IsArray(),
  );
}

export function IsPageLimit(): PropertyDecorator {
  return applyDecorators(Max(5_000), Min(1), IsInt());
}

export function IsInterval(): PropertyDecorator {
  return applyDecorators(Max(8_760), Min(24), IsInt());
}
