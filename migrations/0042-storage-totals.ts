import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Stored bytes per org. Additions update one row per org, whose lock keeps the total exact. Deletions are recorded and
 * subtracted by a job, because cascades that wait for that row would deadlock.
 */
export class StorageTotals1763800000042 implements MigrationInterface {
  readonly name = 'StorageTotals1763800000042';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE stored_files ADD COLUMN bytes bigint NOT NULL DEFAULT 0;
      UPDATE stored_files SET bytes = media.bytes FROM media WHERE file_id = stored_files.id;
      UPDATE stored_files SET bytes = agent_contact_files.bytes FROM agent_contact_files WHERE file_id = stored_files.id;
      UPDATE stored_files SET bytes = knowledge_documents.bytes FROM knowledge_documents WHERE file_id = stored_files.id;

      CREATE TABLE org_storage (
        org_id uuid PRIMARY KEY CONSTRAINT org_storage_org_fk REFERENCES orgs (id),
        bytes bigint NOT NULL
      );
      CREATE TABLE freed_storage (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        org_id uuid NOT NULL CONSTRAINT freed_storage_org_fk REFERENCES orgs (id),
        bytes bigint NOT NULL
      );
      CREATE INDEX freed_storage_org ON freed_storage (org_id);

      INSERT INTO org_storage (org_id, bytes)
      SELECT org_id, sum(bytes) FROM (
        SELECT org_id, bytes FROM stored_files WHERE state = 'kept'
        UNION ALL SELECT org_id, octet_length(content) FROM chat_attachments WHERE content IS NOT NULL
        UNION ALL SELECT org_id, bytes FROM knowledge_documents WHERE content IS NOT NULL
      ) stored GROUP BY org_id;

      CREATE OR REPLACE FUNCTION release_file() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF tg_op = 'DELETE' OR new.file_id IS DISTINCT FROM old.file_id THEN
          WITH released AS (
            UPDATE stored_files SET state = 'released' WHERE id = old.file_id AND state <> 'released'
            RETURNING org_id, bytes
          )
          INSERT INTO freed_storage (org_id, bytes) SELECT org_id, bytes FROM released WHERE bytes > 0;
        END IF;
        RETURN NULL;
      END $$;

      CREATE FUNCTION free_attachments() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO freed_storage (org_id, bytes)
        SELECT org_id, sum(octet_length(content)) FROM gone WHERE content IS NOT NULL GROUP BY org_id;
        RETURN NULL;
      END $$;
      CREATE TRIGGER free_storage AFTER DELETE ON chat_attachments
        REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION free_attachments();

      CREATE FUNCTION free_documents() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO freed_storage (org_id, bytes)
        SELECT org_id, sum(bytes) FROM gone WHERE content IS NOT NULL GROUP BY org_id;
        RETURN NULL;
      END $$;
      CREATE TRIGGER free_storage AFTER DELETE ON knowledge_documents
        REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION free_documents();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER free_storage ON knowledge_documents;
      DROP TRIGGER free_storage ON chat_attachments;
      DROP FUNCTION free_documents();
      DROP FUNCTION free_attachments();
      CREATE OR REPLACE FUNCTION release_file() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF tg_op = 'DELETE' OR new.file_id IS DISTINCT FROM old.file_id THEN
          UPDATE stored_files SET state = 'released' WHERE id = old.file_id;
        END IF;
        RETURN NULL;
      END $$;
      DROP TABLE freed_storage;
      DROP TABLE org_storage;
      ALTER TABLE stored_files DROP COLUMN bytes;
    `);
  }
}
