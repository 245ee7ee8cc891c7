import { inject } from 'vitest';
import { copyTemplate, dropTestDatabase } from './test-run.js';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** A migrated database of one's own, for one test file; what a test doesn't drop is dropped at the end of the run. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const adminUrl = inject('databaseAdminUrl');
  const { name, url } = await copyTemplate(adminUrl, inject('databaseTemplate'));
  return { url, drop: () => dropTestDatabase(adminUrl, name) };
}
