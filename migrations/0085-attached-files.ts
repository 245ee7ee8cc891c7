import type { MigrationInterface, QueryRunner } from 'typeorm';
import { releaseFiles } from './release-files.js';

/** Attachments that are files on the disk. */
export class AttachedFiles1763800000085 implements MigrationInterface {
  readonly name = 'AttachedFiles1763800000085';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE chat_attachments
        ADD COLUMN file_id uuid CONSTRAINT chat_attachments_file_fk REFERENCES stored_files (id);
      CREATE UNIQUE INDEX chat_attachments_file ON chat_attachments (file_id);
    `);
    await releaseFiles(runner, 'chat_attachments');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM chat_attachments WHERE file_id IS NOT NULL;
      DROP TRIGGER release_file ON chat_attachments;
      ALTER TABLE chat_attachments DROP COLUMN file_id;
    `);
  }
}
