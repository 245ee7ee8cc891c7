import { expect, it } from 'vitest';
import { AppError } from '../../core/errors/app-error.js';
import { githubMatches, MATCHES_MAX } from './github-report.js';

const MATCH = { token: 'ocx_live_x', type: 'ocx_live_api_key', url: 'https://github.com/a/b', source: 'Commit' };
const read = (body: unknown) => githubMatches(JSON.stringify(body));

it('reads the form that GitHub documents, and ignores further fields', () => {
  const expected = { token: MATCH.token, type: MATCH.type, url: MATCH.url, foundIn: 'commit' };
  expect(read([{ ...MATCH, more: { a: 1 } }])).toEqual([expected]);
  expect(read([{ ...MATCH, url: '', source: undefined }])).toEqual([{ ...expected, url: '', foundIn: null }]);
  expect(read([])).toEqual([]);
});

it('leaves out a place that could not be shown', () => {
  for (const url of ['javascript:alert(1)', null, 7, {}]) expect(read([{ ...MATCH, url }])[0]!.url).toBe('');
  for (const source of ['<b>', 'x'.repeat(1_000_000), null, 7])
    expect(read([{ ...MATCH, source }])[0]!.foundIn).toBeNull();
});

const SECRET = 'SECRETSECRETSECRET';

it.each<[string, string]>([
  ['no JSON', `{${SECRET}`],
  ['an object', `{"token":"${SECRET}"}`],
  ['a text', `"${SECRET}"`],
  ['null', 'null'],
  ['a list of texts', `["${SECRET}"]`],
  ['a list of lists', `[["${SECRET}"]]`],
  ['a match without a token', `[{"type":"${SECRET}"}]`],
  ['a token that is a number', `[{"type":"${SECRET}","token":7}]`],
  ['an empty token', `[{"type":"${SECRET}","token":""}]`],
  ['a match without a type', `[{"token":"${SECRET}"}]`],
  ['a token with a NUL', `[{"token":"${SECRET}\\u0000","type":"x"}]`],
  ['a lone surrogate', `[{"token":"${SECRET}\\ud800","type":"x"}]`],
  ['a deep body', `${'['.repeat(100)}"${SECRET}"${']'.repeat(100)}`],
  ['too many matches', JSON.stringify(Array.from({ length: MATCHES_MAX + 1 }, () => ({ token: SECRET, type: 'x' })))],
])('%s is a 400 that does not quote the body', (_, body) => {
  let error: unknown;
  try {
    githubMatches(body);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({ definition: { status: 400 } });
  expect(JSON.stringify(error) + (error as Error).message).not.toContain(SECRET);
});
