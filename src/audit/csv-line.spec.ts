import { expect, it } from 'vitest';
import { csvLine } from './csv-line.js';

it('ends each line as RFC 4180 has it, and leaves plain texts as they are', () => {
  expect(csvLine(['a', null, 'b c', '', "it's", '1=1'])).toBe("a,,b c,,it's,1=1\r\n");
});

it.each([
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', '"two\nlines"'],
  ['two\r\nlines', '"two\r\nlines"'],
])('quotes %j', (text, cell) => {
  expect(csvLine([text])).toBe(`${cell}\r\n`);
});

it.each([
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', '"\'\r=1"'],
  ['=HYPERLINK("http://evil.example","x")', '"\'=HYPERLINK(""http://evil.example"",""x"")"'],
])('makes no formula of %j', (text, cell) => {
  expect(csvLine([text])).toBe(`${cell}\r\n`);
});
