import type { MigrationInterface, QueryRunner } from 'typeorm';
import { releaseFiles } from './release-files.js';

/** Knowledge bases with documents and searchable passages. */
export class KnowledgeBases1763800000024 implements MigrationInterface {
  readonly name = 'KnowledgeBases1763800000024';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE knowledge_bases (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT knowledge_bases_org_fk REFERENCES orgs (id),
        name text NOT NULL,
        description text,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id)
      );
      ALTER TABLE agents ADD CONSTRAINT agents_knowledge_base_fk
        FOREIGN KEY (org_id, knowledge_base_id) REFERENCES knowledge_bases (org_id, id);
      CREATE INDEX agents_knowledge_base ON agents (org_id, knowledge_base_id);

      CREATE TABLE knowledge_documents (
        id uuid NOT NULL,
        org_id uuid NOT NULL,
        knowledge_base_id uuid NOT NULL,
        title text NOT NULL,
        status text NOT NULL DEFAULT 'processing',
        error text,
        media_type text NOT NULL,
        bytes integer NOT NULL,
        content text,
        file_id uuid CONSTRAINT knowledge_documents_file_fk REFERENCES stored_files (id),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id),
        CONSTRAINT knowledge_documents_base_fk FOREIGN KEY (org_id, knowledge_base_id)
          REFERENCES knowledge_bases (org_id, id) ON DELETE CASCADE,
        CONSTRAINT knowledge_documents_source CHECK ((content IS NULL) <> (file_id IS NULL))
      );
      CREATE INDEX knowledge_documents_base ON knowledge_documents (org_id, knowledge_base_id, id);
      CREATE UNIQUE INDEX knowledge_documents_file ON knowledge_documents (file_id);

      CREATE TABLE knowledge_passages (
        org_id uuid NOT NULL,
        document_id uuid NOT NULL,
        position integer NOT NULL,
        text text NOT NULL,
        words tsvector NOT NULL,
        PRIMARY KEY (org_id, document_id, position),
        CONSTRAINT knowledge_passages_document_fk FOREIGN KEY (org_id, document_id)
          REFERENCES knowledge_documents (org_id, id) ON DELETE CASCADE
      );
      CREATE INDEX knowledge_passages_words ON knowledge_passages USING gin (words);
    `);
    await releaseFiles(runner, 'knowledge_documents');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE knowledge_passages, knowledge_documents;
      DROP INDEX agents_knowledge_base;
      ALTER TABLE agents DROP CONSTRAINT agents_knowledge_base_fk;
      UPDATE agents SET knowledge_base_id = NULL;
      DROP TABLE knowledge_bases;
    `);
  }
}
