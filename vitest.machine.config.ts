import { defineConfig } from 'vitest/config';

/**
 * Fault tests that need root, tmpfs and libfaketime, or an otherwise idle machine (`silence`). Run them by hand: `apt-get install libfaketime`, then
 * `vitest run --config vitest.machine.config.ts`.
 */
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    include: ['test/faults/machine/*.machine.ts'],
    globalSetup: ['test/support/build-server.ts'],
  },
});
