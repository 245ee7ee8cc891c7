import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** A value that a locator reads once, inside `expect(…)`. */
const READ_ONCE =
  /\bexpect\((?!\(\) =>)[^;]*?await [^;]*?\.(?:count|textContent|allTextContents|inputValue|isChecked|isDisabled|isEnabled|isVisible|getAttribute)\(/;

it('tests of the dashboard wait until a page shows the expected value', () => {
  const files = globSync('test/browser/**/*.ts').filter((path) => READ_ONCE.test(readFileSync(path, 'utf8')));
  expect(files, 'a slow page shows it later: use `await expect.poll(() => …)`').toEqual([]);
});
