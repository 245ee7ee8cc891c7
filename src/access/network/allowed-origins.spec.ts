import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALLOWED_ORIGINS_MAX, entriesThatAllow, isOriginAllowed, validateAllowedOrigins } from './allowed-origins.js';
import { quoteInput } from '../../core/errors/quote-input.js';

describe('validateAllowedOrigins', () => {
  it('accepts domains and wildcards, in lower case and in their order', () => {
    const entries = ['App.Example.com', '*.Example.com', 'localhost', 'xn--mnchen-3ya.de', 'a-b.c1.example'];
    expect(validateAllowedOrigins(entries)).toEqual({ entries: entries.map((entry) => entry.toLowerCase()) });
  });

  it('accepts an empty list, which allows any origin', () => {
    expect(validateAllowedOrigins([])).toEqual({ entries: [] });
  });

  it.each([
    ['https://app.example.com', 'has a scheme: write the domain alone, such as app.example.com.'],
    ['app.example.com:8443', 'has a port: write the domain alone, since any port of it is allowed.'],
    ['app.example.com/login', 'has a path: write the domain alone, such as app.example.com.'],
    ['app.example.com/', 'has a path: write the domain alone, such as app.example.com.'],
    ['app.example.com?x', 'has a path: write the domain alone, such as app.example.com.'],
    ['*', 'covers every domain: leave the list empty to allow any origin.'],
    ['*example.com', 'has a misplaced "*": it can only begin a domain, as in *.example.com.'],
    ['app.*.com', 'has a misplaced "*": it can only begin a domain, as in *.example.com.'],
    ['*.*.example.com', 'has a misplaced "*": it can only begin a domain, as in *.example.com.'],
    ['192.0.2.1', 'is an IP address: origins are allowed by domain.'],
    ['*.192.0.2.1', 'is an IP address: origins are allowed by domain.'],
    ['[2001:db8::1]', 'is an IP address: origins are allowed by domain.'],
    ['München.de', 'is sent by browsers as xn--mnchen-3ya.de: write that.'],
    ['*.münchen.de', 'is sent by browsers as *.xn--mnchen-3ya.de: write that.'],
    ...[
      '',
      '*.',
      '.',
      '.com',
      'a..b',
      'example.com.',
      '-a.com',
      'a-.com',
      'a_b.com',
      'a b.com',
      ' a.com',
      '1.2.3',
      '*.1',
      '*.a.1',
      'xn--.com',
      'null@x',
    ].map((entry) => [entry, 'is not a domain such as app.example.com or *.example.com.']),
    [`${'a'.repeat(64)}.de`, 'is not a domain such as app.example.com or *.example.com.'],
  ])('refuses %j and says what to write instead', (entry, why) => {
    const result = validateAllowedOrigins(['ok.example', entry!]);
    const [problem = '', ...others] = 'problems' in result ? result.problems : [];
    expect(problem).toBe(`${quoteInput(entry!)} ${why}`);
    expect(others).toEqual([]);
  });

  it('names a domain that is listed twice', () => {
    expect(validateAllowedOrigins(['a.example', 'A.example', '*.a.example'])).toEqual({
      problems: ['"A.example" is listed twice.'],
    });
  });

  it('accepts 100 entries and refuses 101', () => {
    const entries = Array.from({ length: ALLOWED_ORIGINS_MAX }, (_, index) => `a${index}.example`);
    expect(validateAllowedOrigins(entries)).toEqual({ entries });
    expect(validateAllowedOrigins([...entries, 'b.example'])).toEqual({
      problems: ['At most 100 entries are allowed.'],
    });
  });

  it('answers a huge entry with a short sentence', () => {
    const result = validateAllowedOrigins(['a.'.repeat(500_000), 'ü'.repeat(500_000), '-'.repeat(500_000)]);
    expect(JSON.stringify(result).length).toBeLessThan(600);
  });

  it('accepts only what some browser origin can equal', () => {
    const label = fc.string({ unit: fc.constantFrom(...'axZn09-_.*:/é'), maxLength: 8 });
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 3 }), (labels) => {
        const result = validateAllowedOrigins([labels.join('.')]);
        if ('problems' in result) return;
        const [entry = ''] = result.entries;
        const host = entry.replace('*', 'x');
        expect(isOriginAllowed([entry], `https://${host}`, undefined)).toBe(true);
        expect(new URL(`https://${host}`).origin).toBe(`https://${host}`);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('isOriginAllowed', () => {
  it.each<[why: string, allowed: string[], origin: string | undefined, referer: string | undefined, result: boolean]>([
    ['any origin with an empty list', [], 'https://evil.example', undefined, true],
    ['no header with an empty list', [], undefined, undefined, true],
    ['null with an empty list', [], 'null', undefined, true],
    ['the host itself', ['app.example.com'], 'https://app.example.com', undefined, true],
    ['any port and scheme of the web', ['app.example.com'], 'http://app.example.com:8080', undefined, true],
    ['any case', ['app.example.com'], 'https://APP.Example.COM', undefined, true],
    [
      'an international domain as a browser or a person writes it',
      ['xn--mnchen-3ya.de'],
      'https://münchen.de',
      undefined,
      true,
    ],
    ['what is below a wildcard', ['*.example.com'], 'https://app.example.com', undefined, true],
    ['what is far below a wildcard', ['*.example.com'], 'https://a.b.example.com', undefined, true],
    ['any entry of several', ['a.example', '*.b.example'], 'https://x.b.example', undefined, true],
    ['the Referer’s host without Origin', ['app.example.com'], undefined, 'https://app.example.com/page?x=1', true],
    ['not the domain above a wildcard', ['*.example.com'], 'https://example.com', undefined, false],
    ['not what is below an exact domain', ['example.com'], 'https://app.example.com', undefined, false],
    ['not a domain that only ends alike', ['*.example.com'], 'https://evilexample.com', undefined, false],
    ['not a domain that only begins alike', ['example.com'], 'https://example.com.evil.example', undefined, false],
    ['not a domain named in the user part', ['example.com'], 'https://example.com@evil.example', undefined, false],
    ['not a domain behind a backslash', ['example.com'], 'https://evil.example\\@example.com', undefined, false],
    ['not null', ['example.com'], 'null', undefined, false],
    ['not null, even with a fitting Referer', ['example.com'], 'null', 'https://example.com/', false],
    ['not null, even where a host is called so', ['null'], 'null', undefined, false],
    [
      'not a foreign Origin with a fitting Referer',
      ['example.com'],
      'https://evil.example',
      'https://example.com/',
      false,
    ],
    ['not an empty Origin with a fitting Referer', ['example.com'], '', 'https://example.com/', false],
    ['not neither header', ['example.com'], undefined, undefined, false],
    ['not a bare host', ['example.com'], 'example.com', undefined, false],
    ['not another scheme', ['example.com'], 'app://example.com', undefined, false],
    ['not two origins at once', ['example.com'], 'https://example.com, https://evil.example', undefined, false],
    ['not a host with a final dot', ['example.com'], 'https://example.com.', undefined, false],
  ])('allows %s', (_why, allowed, origin, referer, result) => {
    expect(isOriginAllowed(allowed, origin, referer)).toBe(result);
  });
});

describe('entriesThatAllow', () => {
  it('are the domain itself and the wildcards of its parent domains', () => {
    const entries = ['a.b.example.com', '*.b.example.com', '*.example.com', '*.com'];
    expect(entriesThatAllow('https://A.b.example.com:8443')).toEqual(entries);
    expect(entriesThatAllow('http://localhost')).toEqual(['localhost']);
  });

  it.each(['null', '', 'app.example.com', 'ftp://app.example.com', 'file:///etc', `https://${'a.'.repeat(200)}com`])(
    'are none for %j',
    (origin) => {
      expect(entriesThatAllow(origin)).toEqual([]);
    },
  );

  it('agree with isOriginAllowed', () => {
    const label = fc.constantFrom('a', 'b', 'com', 'xn--p1ai', '1');
    const domain = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
    const entry = fc.tuple(fc.constantFrom('', '*.'), domain).map((parts) => parts.join(''));
    fc.assert(
      fc.property(entry, domain, (listed, host) => {
        const result = validateAllowedOrigins([listed]);
        if ('problems' in result) return;
        const origin = `https://${host}`;
        const isListed = entriesThatAllow(origin).some((each) => result.entries.includes(each));
        expect(isListed).toBe(isOriginAllowed(result.entries, origin, undefined));
      }),
    );
  });
});
