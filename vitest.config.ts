import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { HANG_MS, STEP_HANG_MS } from './test/support/hang.js';
import { missingPrograms, type NeedsPrograms } from './test/support/system-programs.js';

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

const BUILT_SETUP = [...DATABASE_SETUP, 'test/support/build-server.ts'];
/** Files of other projects that need the proxies. */
const NEED_PROXIES = ['test/boot/your-own-service.spec.ts', 'test/faults/revoked-through-nginx.spec.ts'];
const withoutProxies = missingPrograms('proxies').length === 0 ? [] : NEED_PROXIES;

/** Tests in test/NAME, left out with a message if a program is missing. `npm run check` requires all programs. */
function programs(
  name: NeedsPrograms,
  settings: NonNullable<TestProjectInlineConfiguration['test']>,
): TestProjectInlineConfiguration[] {
  const missing = missingPrograms(name);
  if (missing.length === 0) return [project(name, [`test/${name}/**/*.spec.ts`], { ...WAITING, ...settings })];
  process.stderr.write(`Missing: ${missing.join(', ')}. Skipping test/${name}.\n`);
  return [];
}

export default defineConfig({
  test: {
    pool: 'forks',
    testTimeout: HANG_MS,
    hookTimeout: HANG_MS,
    teardownTimeout: HANG_MS,
    expect: { poll: { timeout: STEP_HANG_MS } },
    setupFiles: ['test/support/fail-on-deprecation.ts'],
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
      ...programs('redis', { globalSetup: BUILT_SETUP }),
      ...programs('pooler', { globalSetup: BUILT_SETUP }),
      ...programs('object-storage', { globalSetup: BUILT_SETUP }),
      ...programs('rolling', { globalSetup: [...BUILT_SETUP, 'test/rolling/support/build-last-release.ts'] }),
      ...programs('browser', { globalSetup: [...BUILT_SETUP, 'test/support/build-dashboard.ts'] }),
      ...programs('proxies', { globalSetup: DATABASE_SETUP }),
      ...programs('chart', {}),
      ...programs('image', { globalSetup: DATABASE_SETUP }),
      // Has a Postgres of its own.
      ...programs('ha', { globalSetup: ['test/support/build-server.ts'] }),
      // Uses separate databases, because it tests how the built server starts and stops.
      project('boot', ['test/boot/**/*.spec.ts'], {
        ...WAITING,
        exclude: withoutProxies,
      }),
    ],
  },
});
