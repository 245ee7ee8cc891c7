import { setTimeout as sleep } from 'node:timers/promises';
import { STEP_HANG_MS } from './hang.js';

/**
 * Waits for a condition instead of for a time.
 * @throws Error naming the condition that was not met
 */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  { withinMs = STEP_HANG_MS, everyMs = 20 } = {},
): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await sleep(everyMs);
  }
}
