import { inject } from 'vitest';
import { asServer, copyTemplate, dropTestDatabase } from './test-run.js';

export interface TestDatabase {
  /** As the owner, for the test's own SQL. */
  readonly url: string;
  /** As the role that servers run as. */
  readonly serverUrl: string;
  drop(): Promise<void>;
}

/** A migrated database of one's own, for one test file; what a test doesn't drop is dropped at the end of the run. */
export function createTestDatabase(): Promise<TestDatabase> {
  return copyOf(inject('databaseTemplate'));
}

/** The same without any table. @param locale such as `LOCALE_PROVIDER libc LOCALE 'C'`; by default the cluster's */
export function createEmptyDatabase(locale = ''): Promise<TestDatabase> {
  return copyOf(`template0 ${locale}`);
}

async function copyOf(original: string): Promise<TestDatabase> {
  const adminUrl = inject('databaseAdminUrl');
  const { name, url } = await copyTemplate(adminUrl, inject('databaseTemplate'), original);
  const serverUrl = asServer(url, inject('databaseServerRole'));
  return { url, serverUrl, drop: () => dropTestDatabase(adminUrl, name) };
}
