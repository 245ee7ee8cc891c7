import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits for a condition instead of for a time.
 * @param withinMs bounds a hang, just below the test's own timeout, so that the error names the condition
 * @throws Error naming the condition that was not met
 */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  { withinMs = 280_000, everyMs = 20 } = {},
): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await sleep(everyMs);
  }
}
