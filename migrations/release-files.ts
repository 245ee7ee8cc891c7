import type { QueryRunner } from 'typeorm';

/** Adds triggers that release a file once no row of this table refers to it by `file_id`. */
export async function releaseFiles(runner: QueryRunner, table: string): Promise<void> {
  await runner.query(`
    CREATE TRIGGER release_file AFTER DELETE OR UPDATE OF file_id ON ${table}
      FOR EACH ROW WHEN (old.file_id IS NOT NULL) EXECUTE FUNCTION release_file();
  `);
}
