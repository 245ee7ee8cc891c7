import { describe, expect, it } from 'vitest';
import { parseDomains } from './parse-domains.js';

describe('parseDomains', () => {
  it.each([
    ['example.com', ['example.com']],
    [' Example.COM ,b.example.com', ['example.com', 'b.example.com']],
    ['b.com,a.com, B.com,a.com', ['b.com', 'a.com']],
    ['münchen.de,XN--MNCHEN-3YA.de', ['xn--mnchen-3ya.de']],
  ])('reads %j', (text, domains) => {
    expect(parseDomains(text)).toEqual({ domains });
  });

  it.each([
    ['nope', '"nope"'],
    ['a.com,,b.com', '""'],
    ['a.com, ', '""'],
    ['a.com,user@b.com,http://c.com,10.0.0.1', '"user@b.com", "http://c.com", "10.0.0.1"'],
    ['-a.com', '"-a.com"'],
    ['exa mple.com', '"exa mple.com"'],
    [`${'a'.repeat(64)}.com`, `"${'a'.repeat(64)}.com"`],
  ])('refuses %j and names each invalid domain', (text, named) => {
    expect(parseDomains(text)).toEqual({ problem: `domains contains invalid domains: ${named}` });
  });

  it('refuses more than 100 domains', () => {
    const list = (length: number) => Array.from({ length }, (_, index) => `d${index}.com`).join(',');
    expect(parseDomains(list(100))).toHaveProperty('domains.length', 100);
    expect(parseDomains(list(101))).toEqual({ problem: 'domains must list at most 100 domains' });
  });
});
