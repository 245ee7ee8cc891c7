import { describe, expect, it } from 'vitest';
import { readRequestPath } from './request-path.js';

describe('a path that every parser reads alike', () => {
  it.each([
    ['/', '/'],
    ['/invoices', '/invoices'],
    ['/invoices/', '/invoices/'],
    ['/invoices/42?status=open&q=a//b/../c%2Fd', '/invoices/42'],
    ['/?', '/'],
    ['/v1/items:batch', '/v1/items:batch'],
    ['/users/a@b.com', '/users/a@b.com'],
    ['/users/a%40b.com', '/users/a@b.com'],
    ["/a-b_c~d!$&'()*+,=e", "/a-b_c~d!$&'()*+,=e"],
    ['/list[0]|x', '/list[0]|x'],
    ['/%5B0%5D%7C', '/[0]|'],
    ['/caf%C3%A9', '/café'],
    ['/cafe%CC%81', '/cafe\u0301'],
    ['/%E6%9D%B1%E4%BA%AC', '/東京'],
    ['/%F0%9F%98%80', '/😀'],
    ['/two%20words', '/two words'],
    ['/100%25', '/100%'],
    ['/100%25zero', '/100%zero'],
    ['/.well-known/x', '/.well-known/x'],
    ['/...a', '/...a'],
    ['/a..b', '/a..b'],
    ['/Acme%20Inc.', '/Acme Inc.'],
    ['/wait%E2%80%A6', '/wait…'],
    ['/%C2%BD', '/½'],
    ['/%EF%BC%A1', '/Ａ'],
  ])('%s is %s', (target, path) => {
    expect(readRequestPath(target)).toBe(path);
  });

  it('may have 8 KiB with its query', () => {
    expect(readRequestPath(`/${'a'.repeat(8 * 1024 - 1)}`)).toHaveLength(8 * 1024);
    expect(readRequestPath(`/${'a'.repeat(8 * 1024)}`)).toBeUndefined();
    expect(readRequestPath(`/?${'a'.repeat(8 * 1024)}`)).toBeUndefined();
  });
});

describe('a path that two parsers may read differently is refused', () => {
  const REFUSED: Readonly<Record<string, readonly string[]>> = {
    'not in origin-form': ['', '*', 'invoices', '?a=b', 'http://host/a', '//host/a', 'host:443', ' /a', '\t/a', '%2Fa'],
    'with dot segments': ['/.', '/..', '/./a', '/a/.', '/a/..', '/a/./b', '/a/../b', '/../a', '/...', '/a/.../b'],
    'with encoded dot segments': ['/%2e', '/%2E%2E/a', '/a/.%2e/b', '/a/%2e./b', '/%252e%252e/a', '/%c0%ae/a'],
    'with empty segments': ['//', '/a//', '/a//b', '//a', '/a///'],
    'with encoded slashes': ['/a%2Fb', '/a%2fb', '/%2F', '/a%252Fb', '/a%c0%afb', '/a%E0%80%AFb', '/a%25%32%46b'],
    'with backslashes': ['/a\\b', '/a%5Cb', '/a%5cb', '/\\', '/..\\a', '/a%255Cb', '/a%25%35%63b'],
    'with parameters': ['/a;b', '/a;v=1/b', '/;/a', '/a%3Bb', '/a%3bb', '/a%253Bb', '/..;/a'],
    'with an encoded query or fragment': ['/a%3Fb', '/a%3fb', '/a%23b', '/a%253Fb', '/a%2523b'],
    'with fragments': ['/a#b', '/#', '/a?b#c', '#'],
    'with control characters': ['/a\0', '/a\nb', '/a\r\nb', '/a\tb', '/a\x7f', '/a?b\r\nc', '/a?\0'],
    'with encoded control characters': [
      '/a%00',
      '/a%0Ab',
      '/a%0d%0ab',
      '/a%09',
      '/a%1F',
      '/a%7F',
      '/a%C2%85',
      '/a%2500',
    ],
    'with line separators': ['/a%E2%80%A8b', '/a%E2%80%A9b'],
    'with spaces': ['/a b', '/a ', '/ a', '/a?b c', '/%20', '/a%20/b', '/%20a', '/a/%20', '/a%C2%A0', '/a/%E3%80%80b'],
    'with raw characters beyond RFC 3986': ['/é', '/東京', '/a"b', '/<a>', '/`', '/^', '/{id}', '/😀', '/a\u00A0'],
    'with invalid percent-encoding': ['/%', '/%a', '/%zz', '/a%2', '/%u002F', '/%%32F', '/%-1', '/% 41'],
    'with invalid UTF-8': ['/%80', '/%ff', '/%C3', '/%C3%28', '/%ED%A0%80', '/%F8%88%80%80%80', '/%F4%90%80%80'],
    'with double encoding': ['/%2541', '/%2525', '/a%25e9', '/%25u002f', '/%25U002F'],
    'with encoded unreserved characters': [
      '/%61dmin',
      '/a%2Db',
      '/a%5Fb',
      '/%7Euser',
      '/%30',
      '/a%2eb',
      '/%5A',
      '/%7a',
    ],
    'with segments that ASP.NET drops': ['/(S(x))/a', '/a/(a(x))b', '/a/(F(', '/a/%28S%28x%29%29/b'],
    'with look-alikes of slashes and dots': [
      '/a%EF%BC%8Fb',
      '/a%EF%BC%BCb',
      '/a%EF%B9%A8b',
      '/a%E2%81%84b',
      '/a%E2%88%95b',
      '/a%E2%88%96b',
      '/%EF%BC%8E%EF%BC%8E/a',
      '/%EF%BC%8E/a',
      '/%E2%80%A5/a',
      '/%E2%80%A4/a',
      '/%E2%80%A6',
      '/a%E2%84%80b',
    ],
    'with look-alikes of other delimiters': [
      '/a%EF%BC%9Bb',
      '/a%EF%BC%9Fb',
      '/a%EF%BC%83b',
      '/a%EF%BC%8541',
      '/a%CD%BEb',
    ],
  };
  const cases = Object.entries(REFUSED).flatMap(([name, targets]) => targets.map((target) => [name, target] as const));

  it.each(cases)('%s: %j', (_, target) => {
    expect(readRequestPath(target)).toBeUndefined();
  });

  it('wherever it stands in a longer path', () => {
    const parts = cases.filter(([name]) => name !== 'not in origin-form').map(([, target]) => target);
    const targets = parts.flatMap((part) => [`/a${part}`, `/a${part}/b`, `/a${part}?q=1`]);
    expect(targets.filter((target) => readRequestPath(target) !== undefined)).toEqual([]);
  });
});

const STRUCTURAL = /^[./\\;?#\s\p{Cc}]/u;

it('no encoded character decodes to a delimiter, a control or white space at an end', () => {
  const wrong: string[] = [];
  for (let point = 0; point <= 0x10ffff; point++) {
    if (point >= 0xd800 && point < 0xe000) continue;
    const character = String.fromCodePoint(point);
    const path = readRequestPath(`/${encodeURIComponent(character)}`);
    if (path === undefined) continue;
    if (path !== `/${character}` || STRUCTURAL.test(character.normalize('NFKC'))) wrong.push(point.toString(16));
  }
  expect(wrong).toEqual([]);
});
