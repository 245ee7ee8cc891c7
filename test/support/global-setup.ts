import { resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openEmbeddedPostgres } from '../../src/core/database/embedded-postgres/embedded-postgres.js';
import { migrateTemplate } from './migrate-template.js';
import { TestRun } from './test-run.js';

const DATA_DIR = process.env['TEST_DATA_DIR'] ?? resolve(import.meta.dirname, '..', '..', '.data', 'test');

/** Nothing here has to outlive a crash of the machine, and not waiting for the disk halves the time of a copy. */
const FAST_SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

interface Cluster {
  readonly url: string;
  close(): Promise<void>;
}

/** Runs once before the test files of a project, in vitest's own process; the function it returns runs after them. */
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

/** The server that DATABASE_URL names, which is left as it was found, or the embedded one. */
async function openCluster(): Promise<Cluster> {
  const url = process.env['DATABASE_URL'];
  if (url) return { url, close: async () => undefined };
  return openEmbeddedPostgres({ dataDir: DATA_DIR, settings: FAST_SETTINGS });
}
