import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Chat widgets. */
export class Widget1763800000033 implements MigrationInterface {
  readonly name = 'Widget1763800000033';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE widget_configs (
        org_id uuid PRIMARY KEY CONSTRAINT widget_configs_org_fk REFERENCES orgs (id),
        allowed_origins text[] NOT NULL,
        sessions_polling_interval_seconds integer NOT NULL,
        session_polling_interval_seconds integer NOT NULL,
        modes text[] NOT NULL,
        theme jsonb NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE widget_configs;');
  }
}
