import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The login link of a session, so that its browser can reopen the link; null if unknown. */
export class SessionLink1763800000063 implements MigrationInterface {
  readonly name = 'SessionLink1763800000063';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions ADD COLUMN link_digest text;');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions DROP COLUMN link_digest;');
  }
}
