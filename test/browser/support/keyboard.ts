import type { Locator, Page } from 'playwright-core';
import { until } from '../../support/until.js';

/** Longer than the animation that hides a dialog. */
const AGAIN_MS = 500;

/**
 * Presses Escape until the element is hidden, because a page starts to listen for keys some time after it has shown
 * the element.
 */
export function closeByEscape(element: Locator): Promise<void> {
  return pressUntil(element.page(), 'Escape', () => element.isHidden());
}

/** Presses the key again until the condition is met. To be used for keys that do nothing the second time. */
export function pressUntil({ keyboard }: Page, key: string, condition: () => Promise<boolean>): Promise<void> {
  let pressedAt = -Infinity;
  return until(`${key} works`, async () => {
    if (await condition()) return true;
    if (performance.now() - pressedAt < AGAIN_MS) return false;
    await keyboard.press(key);
    pressedAt = performance.now();
    return false;
  });
}
