import { runMigrations } from '../../src/core/database/migrate.js';

/** Migrates the template of the test databases. */
export async function migrateTemplate(url: string, serverUrl: string): Promise<void> {
  await runMigrations(url, serverUrl);
}
