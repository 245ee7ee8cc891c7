import { defineConfig } from 'vitest/config';

/**
 * Faults that need root and programs that aren't everywhere (tmpfs, libfaketime), and what needs a machine without other
 * work (`silence`), so they are run by hand: `apt-get install libfaketime`, then
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
