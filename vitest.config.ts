import { spawnSync } from 'node:child_process';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { findChromium } from './test/browser/support/chromium.js';
import { hasProxies } from './test/support/has-proxies.js';

/** Timeouts only bound a hang: no test may fail because the machine is busy with other work. */
const HANG_MS = 300_000;
/** A boot test starts several programs one after the other. */
const BOOT_HANG_MS = 900_000;
const DATABASE_SETUP = ['test/support/global-setup.ts'];

/** A project with the shared settings below. */
function project(
  name: string,
  include: string[],
  settings: NonNullable<TestProjectInlineConfiguration['test']>,
): TestProjectInlineConfiguration {
  return { extends: true, test: { name, include, ...settings } };
}

/** Files share a process, because loading the server takes longer than most files. */
const SHARED = { isolate: false };
/** CPU-bound tests: a process for each core of CI. */
const COMPUTING = { ...SHARED, maxWorkers: 2, sequence: { groupOrder: 0 } };
/** Tests that mostly wait, which `npm test` runs beside the others: more than there are cores. */
const WAITING = { ...SHARED, maxWorkers: 3, sequence: { groupOrder: 1 } };

/** Redis tests are skipped with a message without Redis. `npm run check` requires it. */
const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
if (!hasRedis) process.stderr.write('redis-server is not installed: skipping the tests in test/redis.\n');

const BUILT_SETUP = [...DATABASE_SETUP, 'test/support/build-server.ts'];

/** As for Redis. */
const hasChromium = findChromium() !== undefined;
if (!hasChromium) process.stderr.write('chromium is not installed: skipping the tests in test/browser.\n');

/** As for Redis; these files need the proxies too. */
const NEED_PROXIES = ['test/boot/your-own-service.spec.ts', 'test/faults/revoked-through-nginx.spec.ts'];
const withoutProxies = hasProxies() ? [] : NEED_PROXIES;
if (withoutProxies.length > 0) {
  process.stderr.write(
    `nginx, caddy or apache2 with mod_oauth2 is not installed: skipping test/proxies, ${NEED_PROXIES.join(', ')}.\n`,
  );
}

export default defineConfig({
  test: {
    pool: 'forks',
    testTimeout: HANG_MS,
    hookTimeout: HANG_MS,
    teardownTimeout: 60_000,
    projects: [
      project('unit', ['{src,dashboard/src,test/structure}/**/*.spec.ts'], COMPUTING),
      project('e2e', ['test/{contract,access,gateway,features,sdk,story}/**/*.spec.ts'], {
        ...COMPUTING,
        globalSetup: DATABASE_SETUP,
      }),
      project('faults', ['test/faults/**/*.spec.ts'], {
        ...WAITING,
        exclude: withoutProxies,
        globalSetup: BUILT_SETUP,
      }),
      ...(hasRedis ? [project('redis', ['test/redis/**/*.spec.ts'], { ...WAITING, globalSetup: BUILT_SETUP })] : []),
      ...(hasChromium
        ? [
            project('browser', ['test/browser/**/*.spec.ts'], {
              ...WAITING,
              globalSetup: [...BUILT_SETUP, 'test/support/build-dashboard.ts'],
            }),
          ]
        : []),
      ...(withoutProxies.length === 0
        ? [project('proxies', ['test/proxies/**/*.spec.ts'], { ...WAITING, globalSetup: DATABASE_SETUP })]
        : []),
      // Uses separate databases, because it tests how the built server starts and stops.
      project('boot', ['test/boot/**/*.spec.ts'], {
        ...WAITING,
        exclude: withoutProxies,
        testTimeout: BOOT_HANG_MS,
        hookTimeout: BOOT_HANG_MS,
      }),
    ],
  },
});
