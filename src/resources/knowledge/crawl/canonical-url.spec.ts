import { describe, expect, it } from 'vitest';
import { canonicalUrl, isSameHost } from './canonical-url.js';

describe('a URL is normalized', () => {
  it.each([
    ['https://example.com', 'https://example.com/'],
    ['HTTPS://Example.COM.:443/', 'https://example.com/'],
    ['http://example.com:80/a', 'http://example.com/a'],
    ['https://example.com:8443/a', 'https://example.com:8443/a'],
    ['https://example.com/a/./b/../c#top', 'https://example.com/a/c'],
    ['https://example.com/%7euser/%e2%82%ac', 'https://example.com/~user/%E2%82%AC'],
    ['https://example.com/€', 'https://example.com/%E2%82%AC'],
    ['https://example.com/a%2Fb', 'https://example.com/a%2Fb'],
    ['https://example.com/a?', 'https://example.com/a'],
    ['https://example.com/a?b=%61&a#x', 'https://example.com/a?b=a&a'],
    ['https://bücher.example/', 'https://xn--bcher-kva.example/'],
    [' https://example.com/a\n', 'https://example.com/a'],
  ])('%s', (text, written) => {
    expect(canonicalUrl(text)).toBe(written);
    expect(canonicalUrl(written)).toBe(written);
  });
});

it.each([
  ['../c?d', 'https://example.com/a/b', 'https://example.com/c?d'],
  ['//other.example/x', 'https://example.com/', 'https://other.example/x'],
  ['', 'https://example.com/a#b', 'https://example.com/a'],
])('the link %j in %s leads to %s', (text, base, written) => expect(canonicalUrl(text, base)).toBe(written));

it.each([
  'example.com',
  '/a',
  'ftp://example.com/',
  'javascript:alert(1)',
  'mailto:sam@example.com',
  'https://',
  'https://sam@example.com/',
  'https://sam:secret@example.com/',
  `https://example.com/${'a'.repeat(2_048)}`,
])('%s is refused', (text) => expect(canonicalUrl(text)).toBeUndefined());

it.each([
  ['https://example.com/a', 'http://example.com/b', true],
  ['https://example.com/a', 'https://www.example.com/a', true],
  ['http://www.example.com/', 'https://example.com/b', true],
  ['https://example.com/a', 'https://www2.example.com/a', false],
  ['https://example.com/a', 'https://www.www.example.com/a', false],
  ['https://example.com/a', 'https://example.com:8443/a', false],
  ['https://example.com/a', 'https://example.com.evil.example/a', false],
])('%s and %s are of one site: %s', (one, other, isSame) => expect(isSameHost(one, other)).toBe(isSame));
