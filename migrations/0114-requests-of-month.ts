import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The requests of each key in the current month, with an hour of their own: a server of the release before moves `until`
 * without counting them.
 */
export class RequestsOfMonth1763800000114 implements MigrationInterface {
  readonly name = 'RequestsOfMonth1763800000114';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE key_activity ADD COLUMN month_until timestamptz(3), ADD COLUMN requests_of_month bigint;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE key_activity DROP COLUMN month_until, DROP COLUMN requests_of_month`);
  }
}
