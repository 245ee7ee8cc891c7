import { expect, it } from 'vitest';
import { changesBetween } from './declaration-changes.js';
import { readDeclaration } from './read-declaration.js';
import { renderDeclaration } from './render-declaration.js';

const declared = (url: string) => readDeclaration(`service: billing\nlabel: Billing\nurl: ${url}\n`);

it.each([
  ['https://api.example.com', 'https://api.example.com'],
  ['https://api.example.com/', 'https://api.example.com'],
  ['http://127.0.0.1:9000/billing/', 'http://127.0.0.1:9000/billing'],
  ['HTTPS://API.example.com:443', 'https://api.example.com'],
])('the address %s is read as %s', (given, read) => {
  expect(declared(given).url).toBe(read);
});

it.each([
  'api.example.com',
  'ftp://api.example.com',
  'javascript:alert(1)',
  'https://user:word@api.example.com',
  'https://api.example.com?x=1',
  '"https://api.example.com#top"',
  '"https://api.example.com/a b"',
  '[https://api.example.com]',
  `https://api.example.com/${'a'.repeat(500)}`,
])('%s is refused, with its line', (given) => {
  expect(() => declared(given)).toThrow(
    expect.objectContaining({ message: expect.stringContaining('Line 3: url must be') }),
  );
});

it('a declaration without an address has none, and gaining one is a change', () => {
  const without = readDeclaration('service: billing\nlabel: Billing\n');
  expect(without).not.toHaveProperty('url');
  expect(changesBetween(without, declared('https://api.example.com')).fields).toEqual([
    { field: 'url', before: '', after: 'https://api.example.com' },
  ]);
});

it('an address is written as it is read', () => {
  const declaration = declared('https://api.example.com:8443/billing');
  expect(readDeclaration(renderDeclaration(declaration))).toEqual(declaration);
});
