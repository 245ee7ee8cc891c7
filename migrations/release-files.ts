import type { QueryRunner } from 'typeorm';

/** From here on a file is released when the row of this table that points to it by `file_id` goes, or lets it go. */
export async function releaseFiles(runner: QueryRunner, table: string): Promise<void> {
  await runner.query(`
    CREATE TRIGGER release_file AFTER DELETE OR UPDATE OF file_id ON ${table}
      FOR EACH ROW WHEN (old.file_id IS NOT NULL) EXECUTE FUNCTION release_file();
  `);
}
