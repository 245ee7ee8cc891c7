import type { MigrationInterface, QueryRunner } from 'typeorm';
import { releaseFiles } from './release-files.js';

/** Document extractions of agents. */
export class DocumentExtractions1763800000018 implements MigrationInterface {
  readonly name = 'DocumentExtractions1763800000018';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE document_extractions (
        org_id uuid NOT NULL,
        agent_id uuid NOT NULL,
        id uuid NOT NULL,
        status text NOT NULL DEFAULT 'queued',
        file_id uuid CONSTRAINT document_extractions_file_fk REFERENCES stored_files (id),
        media_type text NOT NULL,
        wanted jsonb NOT NULL,
        fields jsonb,
        error text,
        completed_at timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, agent_id, id),
        CONSTRAINT document_extractions_agent_fk FOREIGN KEY (org_id, agent_id) REFERENCES agents (org_id, id)
          ON DELETE CASCADE
      );
      CREATE UNIQUE INDEX document_extractions_file ON document_extractions (file_id);
    `);
    await releaseFiles(runner, 'document_extractions');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE document_extractions');
  }
}
