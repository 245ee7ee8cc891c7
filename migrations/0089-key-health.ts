import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What keys did in the last 30 days, the weekly report on them, and mail that the server itself sends. */
export class KeyHealth1763800000089 implements MigrationInterface {
  readonly name = 'KeyHealth1763800000089';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE key_activity (
        key_id uuid PRIMARY KEY CONSTRAINT key_activity_key_fk REFERENCES api_keys (id) ON DELETE CASCADE,
        until timestamptz(3) NOT NULL,
        last_used_at timestamptz(3),
        requests_30_days bigint NOT NULL,
        denied_30_days bigint NOT NULL,
        requests_7_days bigint NOT NULL,
        denied_7_days bigint NOT NULL,
        limited_7_days bigint NOT NULL,
        replaced_7_days bigint NOT NULL,
        busiest_hour integer NOT NULL,
        used_scopes text[] NOT NULL
      );

      ALTER TABLE orgs
        ADD COLUMN weekly_key_report boolean NOT NULL DEFAULT false,
        ADD COLUMN key_report_week date;
      CREATE INDEX orgs_weekly_key_report ON orgs (id) WHERE weekly_key_report;
      ALTER TABLE mail_messages ADD COLUMN is_from_server boolean NOT NULL DEFAULT false;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE mail_messages DROP COLUMN is_from_server;
      ALTER TABLE orgs DROP COLUMN weekly_key_report, DROP COLUMN key_report_week;
      DROP TABLE key_activity;
    `);
  }
}
