import { resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openEmbeddedPostgres } from '../../src/core/database/embedded-postgres/embedded-postgres.js';
import { migrateTemplate } from './migrate-template.js';
import { TestRun } from './test-run.js';

const DATA_DIR = process.env['TEST_DATA_DIR'] ?? resolve(import.meta.dirname, '..', '..', '.data', 'test');

/** Not waiting for the disk halves the time to copy a database, and test data need not survive a crash. */
const FAST_SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

interface Cluster {
  readonly url: string;
  close(): Promise<void>;
}

/** Runs once before the test files of a project, in the process of vitest. Returns the teardown. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await openCluster();
  const run = await TestRun.begin(cluster.url).catch(async (error: unknown) => {
    await cluster.close();
    throw error;
  });
  const tearDown = async () => {
    await run.end().finally(() => cluster.close());
  };
  try {
    await run.makeTemplate(migrateTemplate);
  } catch (error) {
    await tearDown();
    throw error;
  }
  project.provide('databaseAdminUrl', cluster.url);
  project.provide('databaseTemplate', run.template);
  project.provide('databaseServerRole', run.serverRole);
  return tearDown;
}

/** The server of DATABASE_URL, which is left unchanged, or the embedded one. */
async function openCluster(): Promise<Cluster> {
  const url = process.env['DATABASE_URL'];
  if (url) return { url, close: async () => undefined };
  return openEmbeddedPostgres({ dataDir: DATA_DIR, settings: FAST_SETTINGS });
}
