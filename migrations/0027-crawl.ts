import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dropSearch, makeSearchable } from './searchable.js';

/** Crawled websites, their crawls and pages. */
export class Crawl1763800000027 implements MigrationInterface {
  readonly name = 'Crawl1763800000027';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE crawl_datasources (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT crawl_datasources_org_fk REFERENCES orgs (id),
        url text NOT NULL,
        display_name text NOT NULL,
        status text NOT NULL DEFAULT 'active',
        page_limit integer,
        exclude_paths text[] NOT NULL DEFAULT '{}',
        include_paths text[] NOT NULL DEFAULT '{}',
        crawl_interval_hours integer,
        last_crawl_started_at timestamptz(3),
        last_crawl_completed_at timestamptz(3),
        error_message text,
        next_crawl_at timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id)
      );
      CREATE UNIQUE INDEX crawl_datasources_org_url ON crawl_datasources (org_id, url);
      -- What the schedule looks for.
      CREATE INDEX crawl_datasources_due ON crawl_datasources (next_crawl_at) WHERE status = 'active';

      CREATE TABLE crawl_jobs (
        id uuid NOT NULL,
        org_id uuid NOT NULL,
        datasource_id uuid NOT NULL,
        status text NOT NULL DEFAULT 'pending',
        started_at timestamptz(3),
        completed_at timestamptz(3),
        total_pages integer,
        completed_pages integer NOT NULL DEFAULT 0,
        new_pages integer NOT NULL DEFAULT 0,
        updated_pages integer NOT NULL DEFAULT 0,
        removed_pages integer NOT NULL DEFAULT 0,
        unchanged_pages integer NOT NULL DEFAULT 0,
        error_message text,
        run integer NOT NULL DEFAULT 0,
        excluded_pages integer NOT NULL DEFAULT 0,
        bytes_read bigint NOT NULL DEFAULT 0,
        put_offs integer NOT NULL DEFAULT 0,
        robots_txt text,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id),
        CONSTRAINT crawl_jobs_datasource_fk FOREIGN KEY (org_id, datasource_id)
          REFERENCES crawl_datasources (org_id, id) ON DELETE CASCADE
      );
      CREATE INDEX crawl_jobs_datasource ON crawl_jobs (org_id, datasource_id, id);
      CREATE UNIQUE INDEX crawl_jobs_one_active ON crawl_jobs (org_id, datasource_id)
        WHERE status IN ('pending', 'scraping');

      CREATE TABLE crawl_pages (
        id uuid NOT NULL,
        org_id uuid NOT NULL,
        datasource_id uuid NOT NULL,
        url text NOT NULL,
        title text,
        status text NOT NULL,
        error_message text,
        last_synced_at timestamptz(3),
        content text,
        content_hash text,
        words tsvector NOT NULL,
        crawl_id uuid NOT NULL,
        is_waiting boolean NOT NULL DEFAULT false,
        found_on uuid,
        redirects smallint NOT NULL DEFAULT 0,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id),
        CONSTRAINT crawl_pages_datasource_fk FOREIGN KEY (org_id, datasource_id)
          REFERENCES crawl_datasources (org_id, id) ON DELETE CASCADE
      );
      CREATE UNIQUE INDEX crawl_pages_url ON crawl_pages (org_id, datasource_id, url);
      CREATE INDEX crawl_pages_datasource ON crawl_pages (org_id, datasource_id, id);
      CREATE INDEX crawl_pages_status ON crawl_pages (org_id, datasource_id, status, id);
      CREATE INDEX crawl_pages_waiting ON crawl_pages (org_id, datasource_id, id) WHERE is_waiting;
    `);
    await makeSearchable(runner, 'crawl_pages', 'title', 'content');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE crawl_pages, crawl_jobs, crawl_datasources');
    await dropSearch(runner, 'crawl_pages');
  }
}
