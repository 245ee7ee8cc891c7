import { applyDecorators } from '@nestjs/common';
import { IsBoolean, IsIn } from 'class-validator';
import { check, Nullable, Optional } from '../../../core/validation/decorators.js';
import { Name } from '../../../core/validation/name.js';
import { About, Field } from '../../../core/wire/field.js';
import { INTEGER, nullable, URI } from '../../../core/wire/schema.js';
import { canonicalUrl, URL_CHARACTERS_MAX } from './canonical-url.js';
import { CrawlJob } from './crawl-job.entity.js';
import { Datasource, DATASOURCE_STATUSES, IsInterval, IsPageLimit, IsPathList } from './datasource.entity.js';

const PATHS =
  'Matched as in robots.txt, from the beginning of the path with its query: `*` stands for anything, `$` for the end.';

export class CreateDatasourceDto {
  @About('http or https, without a user name; unique within the org in its canonical form.')
  @IsPageUrl()
  url: string;

  @Optional()
  @Name(100)
  display_name?: string;

  @Optional()
  @Nullable()
  @IsPageLimit()
  page_limit: number | null = 100;

  @About(`${PATHS} They take precedence over include_paths.`)
  @Optional()
  @IsPathList()
  exclude_paths: string[] = [];

  @About(`${PATHS} Empty: all paths. The links of the start page are always followed.`)
  @Optional()
  @IsPathList()
  include_paths: string[] = [];

  @Optional()
  @Nullable()
  @IsInterval()
  crawl_interval_hours: number | null = 168;

  @About('Whether the first crawl starts immediately.')
  @Optional()
  @IsBoolean()
  auto_start_crawl: boolean = true;
}

export class UpdateDatasourceDto {
  @Optional()
  @Name(100)
  display_name?: string;

  @Optional()
  @Nullable()
  @IsPageLimit()
  page_limit?: number | null;

  @Optional()
  @IsPathList()
  exclude_paths?: string[];

  @Optional()
  @IsPathList()
  include_paths?: string[];

  @Optional()
  @Nullable()
  @IsInterval()
  crawl_interval_hours?: number | null;

  @About('`paused` also cancels the crawl that is under way.')
  @Optional()
  @IsIn(DATASOURCE_STATUSES)
  status?: Datasource['status'];
}

export class PageStats {
  @Field(INTEGER)
  total: number;

  @Field(INTEGER)
  synced: number;

  @Field(INTEGER)
  pending: number;

  @Field(INTEGER)
  error: number;

  @Field(INTEGER)
  excluded: number;
}

export class DatasourceDetails extends Datasource {
  @Field(PageStats)
  page_stats: PageStats;

  @Field(nullable(CrawlJob))
  active_crawl_job: CrawlJob | null;
}

function IsPageUrl(): PropertyDecorator {
  const isUrl = (value: unknown) => typeof value === 'string' && canonicalUrl(value) !== undefined;
  return applyDecorators(
    check('pageUrl', isUrl, `must be an http or https URL of at most ${URL_CHARACTERS_MAX} characters`, {
      schema: { ...URI, maxLength: URL_CHARACTERS_MAX },
    }),
  );
}
