import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Links translations of articles, and makes help centers findable by their id and their custom domain. */
export class HelpCenterLanguages1763800000072 implements MigrationInterface {
  readonly name = 'HelpCenterLanguages1763800000072';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE help_center_articles ADD COLUMN translation_of uuid,
        ADD CONSTRAINT help_center_articles_original_fk FOREIGN KEY (org_id, translation_of)
          REFERENCES help_center_articles (org_id, id);
      CREATE UNIQUE INDEX help_center_articles_translation
        ON help_center_articles (org_id, translation_of, language);

      -- Nothing was reached by a custom domain so far. The first help center that named one keeps it.
      UPDATE help_centers SET custom_domain = NULL WHERE EXISTS (
        SELECT FROM help_centers earlier
        WHERE earlier.custom_domain = help_centers.custom_domain
          AND (earlier.created_at, earlier.org_id) < (help_centers.created_at, help_centers.org_id));
      CREATE UNIQUE INDEX help_centers_id ON help_centers (id);
      CREATE UNIQUE INDEX help_centers_custom_domain ON help_centers (custom_domain);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX help_centers_custom_domain;
      DROP INDEX help_centers_id;
      ALTER TABLE help_center_articles DROP COLUMN translation_of;
    `);
  }
}
