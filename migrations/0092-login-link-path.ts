import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The page of the dashboard that a login link opens. */
export class LoginLinkPath1763800000092 implements MigrationInterface {
  readonly name = 'LoginLinkPath1763800000092';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE login_links ADD COLUMN path text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE login_links DROP COLUMN path`);
  }
}
