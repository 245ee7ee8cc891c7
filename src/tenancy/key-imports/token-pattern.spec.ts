import { expect, it } from 'vitest';
import { type ImportFormat, splitToken } from './import-format.js';
import { matchesPattern, type TokenPattern } from './token-pattern.js';

const PATTERN: TokenPattern = { prefix: 'sk_', min_length: 19, max_length: 21, alphabet: 'hex' };
const SECRET = '0123456789abcdef';

it.each<[string, boolean]>([
  [`sk_${SECRET}`, true],
  [`sk_${SECRET}ab`, true],
  [`sk_${SECRET}abc`, false],
  [`sk_${SECRET.slice(1)}`, false],
  [`pk_${SECRET}`, false],
  [`sk_${SECRET.slice(1)}g`, false],
  [`sk_${SECRET}\n`, false],
])('a token matches by prefix, length and characters: %j', (token, matches) => {
  expect(matchesPattern(token, PATTERN)).toBe(matches);
});

it('any prefix is allowed where none is declared', () => {
  const pattern = { ...PATTERN, prefix: '', alphabet: 'visible' } as const;
  expect(matchesPattern('sk.live/0123456789~', pattern)).toBe(true);
  expect(matchesPattern('sk live/0123456789~', pattern)).toBe(false);
  expect(matchesPattern('sk,live/0123456789~', pattern)).toBe(false);
  expect(matchesPattern('skälive/0123456789~', pattern)).toBe(false);
});

const format = (lookup: ImportFormat['lookup'], prefix = 'acme_'): ImportFormat => ({
  algorithm: 'sha256',
  hashed: 'secret',
  pepper: null,
  lookup,
  tokens: { prefix, min_length: 32, max_length: 64, alphabet: 'visible' },
});

it.each<[ImportFormat, string, object | undefined]>([
  [format({ separator: '_' }), `acme_ab_${SECRET}_x`, { lookup: 'ab', secret: `${SECRET}_x` }],
  [format({ separator: '.' }), `acme_ab.${SECRET}`, { lookup: 'ab', secret: SECRET }],
  [format({ separator: '|' }, ''), `17|${SECRET}`, { lookup: '17', secret: SECRET }],
  [format({ start: 5, length: 3 }), `acme_abc${SECRET}`, { lookup: 'abc', secret: SECRET }],
  [format({ separator: '.' }), `acme_.${SECRET}`, undefined],
  [format({ separator: '.' }), `acme_ab${SECRET}`, undefined],
  [format({ separator: '.' }), `acme_ab.${SECRET.slice(1)}`, undefined],
  [format({ start: 5, length: 3 }), 'acme_abc', undefined],
  [format(null), `acme_ab.${SECRET}`, undefined],
])('a token splits into its lookup part and its secret', (of, token, parts) => {
  expect(splitToken(token, of)).toEqual(parts);
});
