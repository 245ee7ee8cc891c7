import type { MigrationInterface, QueryRunner } from 'typeorm';
import { releaseFiles } from './release-files.js';

/** Public pictures. */
export class Media1763800000026 implements MigrationInterface {
  readonly name = 'Media1763800000026';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE media (
        id text PRIMARY KEY,
        org_id uuid NOT NULL CONSTRAINT media_org_fk REFERENCES orgs (id),
        file_id uuid NOT NULL CONSTRAINT media_file_fk REFERENCES stored_files (id),
        media_type text NOT NULL,
        bytes integer NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE INDEX media_org ON media (org_id);
      CREATE UNIQUE INDEX media_file ON media (file_id);
    `);
    await releaseFiles(runner, 'media');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE media');
  }
}
