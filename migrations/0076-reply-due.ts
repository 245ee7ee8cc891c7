import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Since when the contact of a session waits for a person; null: no person has to answer. */
export class ReplyDue1763800000076 implements MigrationInterface {
  readonly name = 'ReplyDue1763800000076';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE chat_sessions ADD COLUMN reply_due_since timestamptz(3);');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE chat_sessions DROP COLUMN reply_due_since;');
  }
}
