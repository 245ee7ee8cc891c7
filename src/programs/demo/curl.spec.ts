import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { curlOf, quote } from './curl.js';

test('curlOf returns a curl command that repeats the call', () => {
  const call = { method: 'POST', url: 'http://x/a?b=c', headers: { A: 'b c' }, body: { name: "O'Hara" } };
  expect(curlOf(call)).toBe(
    String.raw`curl -i -X POST 'http://x/a?b=c' \
  -H 'A: b c' \
  -d '{"name":"O'\''Hara"}'`,
  );
});

test('a shell reads any quoted text back unchanged', () => {
  const texts = fc.sample(
    fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
    200,
  );
  const printed = execFileSync('sh', ['-c', `printf '%s\\0' ${texts.map(quote).join(' ')}`], { encoding: 'utf8' });
  expect(printed.split('\0').slice(0, -1)).toEqual(texts);
});
