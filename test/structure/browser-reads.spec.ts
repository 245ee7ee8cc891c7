import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** A value of a locator, or the address, that is read once, inside `expect(…)`. */
const READ_ONCE = [
  /\bexpect\([^;]*?await [^;]*?\.(?:count|textContent|allTextContents|inputValue|isChecked|isDisabled|isEnabled|isVisible|getAttribute)\(/,
  /\bexpect\([^;]*?page\.url\(\)/,
];

it('tests of the dashboard wait until a page shows the expected value', () => {
  const files = globSync('test/browser/**/*.ts').filter((path) => {
    const text = readFileSync(path, 'utf8');
    return READ_ONCE.some((pattern) => pattern.test(text));
  });
  expect(files, 'a slow page shows it later: use `await expect.poll(() => …)`').toEqual([]);
});
