import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Messages whose texts have merge fields. */
export class MergeFields1763800000065 implements MigrationInterface {
  readonly name = 'MergeFields1763800000065';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE mail_messages ADD COLUMN may_merge boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE mail_messages DROP COLUMN may_merge');
  }
}
