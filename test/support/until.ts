import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits for a condition instead of for a time.
 * @throws Error naming what didn't come about
 */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  { withinMs = 10_000, everyMs = 20 } = {},
): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await sleep(everyMs);
  }
}
