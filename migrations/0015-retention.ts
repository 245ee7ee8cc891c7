import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An index for expired sessions. */
export class Retention1763800000015 implements MigrationInterface {
  readonly name = 'Retention1763800000015';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX sessions_expires_at ON sessions (expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX sessions_expires_at');
  }
}
