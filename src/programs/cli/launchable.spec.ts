import { expect, test } from 'vitest';
import { launchable } from './launchable.js';

test.each([
  ['start', []],
  ['demo', []],
  ['demo', ['--once']],
])('%s %j runs the program', (name, args) => {
  expect(launchable(name, args)?.name).toBe(name);
});

test.each([
  [undefined, []],
  ['migrate', []],
  ['start', ['--once']],
  ['start', ['--help']],
  ['demo', ['toString']],
])('%s %j is left to the command line', (name, args) => {
  expect(launchable(name, args)).toBeUndefined();
});
