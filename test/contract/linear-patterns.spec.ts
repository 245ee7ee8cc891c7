import { expect, it } from 'vitest';
import { patternsIn, patternsUnder } from '../support/patterns.js';
import { isLinear } from '../support/pattern-time.js';

/** Patterns that are not proven linear, with the bound of each. */
const BOUNDED: Readonly<Record<string, string>> = {
  '(?<!\\\\)(\\\\\\\\)*\\\\u(0000|d[89a-f])':
    'openapi-reader.ts: in a thread with a deadline; the look-behind begins once for each run of backslashes',
  '<meta[^>]{0,200}charset\\s*=\\s*["\']?\\s*([\\w:-]{1,40})': 'site-thread.ts: in the first 1,024 bytes of a page',
  '(?<=[.!?…])\\s+|(?<=[。！？])':
    'passages-of.ts: in a thread with a deadline; each run of blanks was made one before',
  '^(?:[a-z][a-z0-9]{1,11}_(?:live|test|key|sec)_|eyJ[A-Za-z0-9_-]{5}(?=[^.]*\\.))':
    'credential-format.ts: looks ahead once, from the beginning; a header has 16 KiB at most',
};

const FOLDERS = ['src', 'dashboard/src'];
const NOT_LINEAR = [
  'new RegExp("\\\\s+$")',
  '/\\{\\{.*?\\}\\}/gs',
  '/\\{([^}]*)\\}/g',
  'text.split(/\\s*[,;]\\s*/)',
  'text.match("(a|a)*b")',
  'const WORD = "\\\\w+"; new RegExp(`^(${WORD})+$`)',
];

it('every regular expression runs in linear time', async () => {
  const patterns = patternsUnder(...FOLDERS);
  expect(patterns.length).toBeGreaterThan(150);
  const slow: string[] = [];
  for (const pattern of patterns) {
    if (!(pattern.source in BOUNDED) && !(await isLinear(pattern))) slow.push(`${pattern.where} ${pattern.source}`);
  }
  expect(slow).toEqual([]);
  const sources = new Set(patterns.map(({ source }) => source));
  expect(Object.keys(BOUNDED).filter((source) => !sources.has(source))).toEqual([]);
});

it.each(NOT_LINEAR)('a new %s is found', async (code) => {
  const [pattern] = patternsIn('new.ts', code);
  expect(await isLinear(pattern!)).toBe(false);
});

it('a pattern composed of values of other files is found', () => {
  expect(() => patternsIn('new.ts', 'new RegExp(name)')).toThrow(/made of what its file doesn't say/);
});
