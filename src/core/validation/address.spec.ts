import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalDomain, canonicalEmail } from './address.js';

describe('canonicalDomain', () => {
  it.each([
    ['example.com', 'example.com'],
    ['Example.COM.', 'example.com'],
    ['münchen.de', 'xn--mnchen-3ya.de'],
    ['MU\u0308NCHEN.de', 'xn--mnchen-3ya.de'],
    ['XN--MNCHEN-3YA.de', 'xn--mnchen-3ya.de'],
    ['münchen。de', 'xn--mnchen-3ya.de'],
    ['ｅｘａｍｐｌｅ.com', 'example.com'],
    ['exam\u00adple.com', 'example.com'],
    ['faß.de', 'xn--fa-hia.de'],
    ['пример.рф', 'xn--e1afmkfd.xn--p1ai'],
    ['xn--ls8h.la', 'xn--ls8h.la'],
  ])('reads %j as %s, which is canonical', (text, domain) => {
    expect(canonicalDomain(text)).toBe(domain);
    expect(canonicalDomain(domain)).toBe(domain);
  });

  it.each([
    '',
    '.',
    'localhost',
    '.example.com',
    'a..com',
    'example.com..',
    '-a.com',
    'a_b.com',
    '10.0.0.1',
    '0x7f.1',
    'ex%61mple.com',
    'exam\tple.com',
    'example.com/path',
    'example.com:80',
    'user@example.com',
    'exa mple.com',
    '*.example.com',
    '\u200b.com',
    'a\u200db.com',
    'xn--a.com',
    'xn--abc-.com',
    'xn--.com',
    `${'a'.repeat(64)}.com`,
    `${'a.'.repeat(126)}com`,
    `${'ü'.repeat(60)}.com`,
    'ü'.repeat(1_000_000),
  ])('refuses %.40j', (text) => {
    expect(canonicalDomain(text)).toBeUndefined();
  });
});

describe('canonicalEmail', () => {
  it('keeps a plain address, and lower-cases one in capitals', () => {
    const local = fc.stringMatching(/^[a-z0-9]{1,9}(?:[._+-][a-z0-9]{1,9}){0,2}$/);
    const domain = fc.stringMatching(/^(?:[a-z0-9]{1,6}(?:-[a-z0-9]{1,6}){0,1}\.){1,2}[a-z]{2,6}$/);
    fc.assert(
      fc.property(local, domain, (name, host) => {
        expect(canonicalEmail(`${name}@${host}`)).toBe(`${name}@${host}`);
        expect(canonicalEmail(`${name}@${host}`.toUpperCase())).toBe(`${name}@${host}`);
      }),
    );
  });

  it.each([
    ['Sam@Example.COM', 'sam@example.com'],
    ['sam@example.com.', 'sam@example.com'],
    ['sam@münchen.de', 'sam@xn--mnchen-3ya.de'],
    ['SAM@XN--MNCHEN-3YA.DE', 'sam@xn--mnchen-3ya.de'],
    ['"sam"@example.com', 'sam@example.com'],
    ['"s\\am.p"@example.com', 'sam.p@example.com'],
    ['"Sam Smith"@example.com', '"sam smith"@example.com'],
    ['JU\u0308RGEN@example.com', 'jürgen@example.com'],
    ['sam+a@example.com', 'sam+a@example.com'],
  ])('reads %j as %s, which is canonical', (text, address) => {
    expect(canonicalEmail(text)).toBe(address);
    expect(canonicalEmail(address)).toBe(address);
  });

  it.each([
    '',
    'sam',
    '@example.com',
    'sam@',
    'sam@localhost',
    'sam@@example.com',
    'sam @example.com',
    'sam@exam\nple.com',
    'sam\n@example.com',
    'sam@[10.0.0.1]',
    'a@b.example, c@d.example',
    'sam@xn--a.com',
    `${'a'.repeat(65)}@example.com`,
    `sam@${'ü'.repeat(1_000_000)}.com`,
  ])('refuses %.40j', (text) => {
    expect(canonicalEmail(text)).toBeUndefined();
  });
});
