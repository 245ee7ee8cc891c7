import { runMigrations } from '../../src/database/migrate.js';

/** What turns an empty database into the one that tests start from. */
export async function migrateTemplate(url: string, serverRole: string): Promise<void> {
  await runMigrations(url, serverRole);
}
