import { inject } from 'vitest';
import { asServer, copyTemplate, dropTestDatabase } from './test-run.js';

export interface TestDatabase {
  /** Connects as the owner, for SQL of tests. */
  readonly url: string;
  /** Connects as the role of servers. */
  readonly serverUrl: string;
  drop(): Promise<void>;
}

/** Creates a migrated database for one test file. The run drops what tests leave behind. */
export function createTestDatabase(): Promise<TestDatabase> {
  return copyOf(inject('databaseTemplate'));
}

/** Creates an empty database. @param locale such as `LOCALE_PROVIDER libc LOCALE 'C'`; by default that of the cluster */
export function createEmptyDatabase(locale = ''): Promise<TestDatabase> {
  return copyOf(`template0 ${locale}`);
}

/** Copies a database that nothing is connected to. */
export function createCopy({ url }: TestDatabase): Promise<TestDatabase> {
  return copyOf(new URL(url).pathname.slice(1));
}

async function copyOf(original: string): Promise<TestDatabase> {
  const adminUrl = inject('databaseAdminUrl');
  const { name, url } = await copyTemplate(adminUrl, inject('databaseTemplate'), original);
  const serverUrl = asServer(url, inject('databaseServerRole'));
  return { url, serverUrl, drop: () => dropTestDatabase(adminUrl, name) };
}
