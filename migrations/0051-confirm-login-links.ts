import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether login links of a partner need a confirmation; null for the setting of the installation. */
export class ConfirmLoginLinks1763800000051 implements MigrationInterface {
  readonly name = 'ConfirmLoginLinks1763800000051';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE partners ADD COLUMN confirm_login_links boolean;');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE partners DROP COLUMN confirm_login_links;');
  }
}
