import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files in object storage beside those on the disk. The defaults are what earlier releases write. */
export class FileStores1763800000106 implements MigrationInterface {
  readonly name = 'FileStores1763800000106';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE stored_files
        ADD COLUMN store text NOT NULL DEFAULT 'local'
          CONSTRAINT stored_files_store CHECK (store IN ('local', 's3')),
        ADD COLUMN also_in text
          CONSTRAINT stored_files_also_in CHECK (also_in IN ('local', 's3') AND also_in <> store),
        ADD COLUMN sha256 bytea;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DO $$ BEGIN
        IF EXISTS (SELECT FROM stored_files WHERE 's3' IN (store, also_in)) THEN
          RAISE EXCEPTION 'files are in object storage: run "gatehouse files move --to local" first';
        END IF;
      END $$;
      ALTER TABLE stored_files DROP COLUMN sha256, DROP COLUMN also_in, DROP COLUMN store;
    `);
  }
}
