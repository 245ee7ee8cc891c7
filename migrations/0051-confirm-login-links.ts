import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each partner may decide whether its login links ask for a click; null: the installation's setting holds. */
export class ConfirmLoginLinks1763800000051 implements MigrationInterface {
  readonly name = 'ConfirmLoginLinks1763800000051';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE partners ADD COLUMN confirm_login_links boolean;');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE partners DROP COLUMN confirm_login_links;');
  }
}
