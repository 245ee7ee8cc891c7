import { vi } from 'vitest';
import { RateLimitStorage } from '../../../src/access/rate-limit/rate-limit-storage.js';
import type { RateWindow } from '../../../src/access/rate-limit/rate-window.js';
import type { TestServer } from '../../support/start-app.js';

/** Windows never end meanwhile, so that several ways to ask agree on every second of them. */
export function stopClockOfLimits(server: TestServer): void {
  const storage = server.app.get(RateLimitStorage);
  const now = performance.now();
  for (const name of ['charge', 'look'] as const) {
    const original = storage[name].bind(storage);
    vi.spyOn(storage, name).mockImplementation((windows: readonly RateWindow[]) => {
      const clock = vi.spyOn(performance, 'now').mockReturnValue(now);
      try {
        return original(windows);
      } finally {
        clock.mockRestore();
      }
    });
  }
}
