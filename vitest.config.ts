import { spawnSync } from 'node:child_process';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const DATABASE_SETUP = ['test/support/global-setup.ts'];

/** `extends: true` takes over what is said once for all of them below. */
function project(name: string, include: string[], globalSetup: string[] = []): TestProjectInlineConfiguration {
  return { extends: true, test: { name, include, globalSetup } };
}

/** Left out, and said so, where there is none; `npm run check` insists on it. */
const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
if (!hasRedis) process.stderr.write('There is no redis-server here: the tests in test/redis are left out.\n');

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 60_000,
    projects: [
      project('unit', ['src/**/*.spec.ts']),
      project('e2e', ['test/{contract,access,features,sdk}/**/*.spec.ts'], DATABASE_SETUP),
      project('faults', ['test/faults/**/*.spec.ts'], [...DATABASE_SETUP, 'test/support/build-server.ts']),
      ...(hasRedis
        ? [project('redis', ['test/redis/**/*.spec.ts'], [...DATABASE_SETUP, 'test/support/build-server.ts'])]
        : []),
      // Brings its own databases: what it tests is how the built server starts and stops.
      project('boot', ['test/boot/**/*.spec.ts']),
    ],
  },
});
