import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dropSearch, makeSearchable } from './searchable.js';

/** Help centers with their categories and articles. */
export class HelpCenter1763800000025 implements MigrationInterface {
  readonly name = 'HelpCenter1763800000025';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE help_centers (
        org_id uuid PRIMARY KEY CONSTRAINT help_centers_org_fk REFERENCES orgs (id),
        id uuid NOT NULL,
        name text NOT NULL,
        description text,
        primary_language text NOT NULL,
        languages text[] NOT NULL,
        custom_domain text,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now()
      );

      CREATE TABLE help_center_categories (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT help_center_categories_center_fk REFERENCES help_centers (org_id)
          ON DELETE CASCADE,
        name text NOT NULL,
        slug text NOT NULL,
        description text,
        icon text,
        position integer NOT NULL DEFAULT 0,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id)
      );
      CREATE UNIQUE INDEX help_center_categories_org_slug ON help_center_categories (org_id, slug);
      CREATE INDEX help_center_categories_org_position ON help_center_categories (org_id, position, id);

      CREATE TABLE help_center_articles (
        id uuid NOT NULL,
        org_id uuid NOT NULL,
        category_id uuid NOT NULL,
        title text NOT NULL,
        slug text NOT NULL,
        description text,
        content text NOT NULL,
        status text NOT NULL DEFAULT 'draft',
        published_at timestamptz(3),
        meta_title text,
        meta_description text,
        language text NOT NULL,
        words tsvector NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id),
        CONSTRAINT help_center_articles_category_fk FOREIGN KEY (org_id, category_id)
          REFERENCES help_center_categories (org_id, id)
      );
      CREATE UNIQUE INDEX help_center_articles_org_slug ON help_center_articles (org_id, slug);
      CREATE INDEX help_center_articles_category ON help_center_articles (org_id, category_id, id);
      CREATE INDEX help_center_articles_org_status ON help_center_articles (org_id, status, id);
      CREATE INDEX help_center_articles_org_language ON help_center_articles (org_id, language, id);
    `);
    await makeSearchable(runner, 'help_center_articles', 'title', 'description', 'content');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE help_center_articles, help_center_categories, help_centers');
    await dropSearch(runner, 'help_center_articles');
  }
}
