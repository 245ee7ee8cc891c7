import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An index for attachments by id, because their links have no org. */
export class AttachmentLinks1763800000040 implements MigrationInterface {
  readonly name = 'AttachmentLinks1763800000040';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE UNIQUE INDEX chat_attachments_id ON chat_attachments (id);');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX chat_attachments_id;');
  }
}
