import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Attachments are found by the id in their link alone, which says no org. */
export class AttachmentLinks1763800000040 implements MigrationInterface {
  readonly name = 'AttachmentLinks1763800000040';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE UNIQUE INDEX chat_attachments_id ON chat_attachments (id);');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX chat_attachments_id;');
  }
}
