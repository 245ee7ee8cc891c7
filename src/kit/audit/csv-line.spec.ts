import { expect, it } from 'vitest';
import { csvLine } from './csv-line.js';

it('quotes every cell and ends the line with CRLF', () => {
  expect(csvLine(['a', null, 'b c', '', "it's", '1=1'])).toBe('"a","","b c","","it\'s","1=1"\r\n');
});

it.each([
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', '"two\nlines"'],
  ['two\r\nlines', '"two\r\nlines"'],
])('keeps %j in one cell', (text, cell) => {
  expect(csvLine([text])).toBe(`${cell}\r\n`);
});

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '\r\n=1', '＝1+1', '＋1', '－1', '＠SUM(A1)'])(
  'neutralizes the formula %j',
  (text) => {
    expect(csvLine([text])).toBe(`"'${text}"\r\n`);
  },
);

it('neutralizes a formula that contains quotes', () => {
  const text = '=HYPERLINK("http://evil.example","x")';
  expect(csvLine([text])).toBe('"\'=HYPERLINK(""http://evil.example"",""x"")"\r\n');
});
