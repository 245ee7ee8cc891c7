import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The files on the disk. */
export class Files1763800000016 implements MigrationInterface {
  readonly name = 'Files1763800000016';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE stored_files (
        id uuid PRIMARY KEY,
        org_id uuid NOT NULL CONSTRAINT stored_files_org_fk REFERENCES orgs (id),
        state text NOT NULL DEFAULT 'arriving',
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT stored_files_state CHECK (state IN ('arriving', 'kept', 'released'))
      );
      CREATE INDEX stored_files_org ON stored_files (org_id);
      CREATE INDEX stored_files_sweep ON stored_files (id) WHERE state <> 'kept';

      CREATE FUNCTION release_file() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF tg_op = 'DELETE' OR new.file_id IS DISTINCT FROM old.file_id THEN
          UPDATE stored_files SET state = 'released' WHERE id = old.file_id;
        END IF;
        RETURN NULL;
      END $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION release_file();
      DROP TABLE stored_files;
    `);
  }
}
