import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Usage of keys by hour. */
export class Usage1763800000005 implements MigrationInterface {
  readonly name = 'Usage1763800000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE key_usage (
        key_id uuid NOT NULL,
        hour timestamptz(3) NOT NULL,
        org_id uuid,
        requests integer NOT NULL,
        refused integer NOT NULL,
        last_used_at timestamptz(3) NOT NULL,
        PRIMARY KEY (key_id, hour)
      );
      CREATE INDEX key_usage_hour ON key_usage (hour);

      CREATE TABLE usage_flushes (
        instance uuid PRIMARY KEY,
        sequence integer NOT NULL,
        flushed_at timestamptz(3) NOT NULL DEFAULT now()
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE key_usage, usage_flushes');
  }
}
