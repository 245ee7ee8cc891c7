import { runMigrations } from '../../src/core/database/migrate.js';

/** What turns an empty database into the one that tests start from. */
export async function migrateTemplate(url: string, serverUrl: string): Promise<void> {
  await runMigrations(url, serverUrl);
}
