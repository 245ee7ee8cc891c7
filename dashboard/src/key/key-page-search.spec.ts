import { expect, it } from 'vitest';
import { validateKeyPageSearch } from './key-page-search';

it('a tested request, and changes to start with, can be linked', () => {
  const test = { tab: 'test', method: 'GET', path: '/contacts/7?limit=2', ip: '203.0.113.7' };
  const settings = { tab: 'settings', grant: 'contacts:write', allow: '2001:db8::/32', scopes: 'tags:read,contacts:*' };
  expect(validateKeyPageSearch(test)).toEqual(test);
  expect(validateKeyPageSearch(settings)).toEqual(settings);
});

it('anything else is left out', () => {
  expect(
    validateKeyPageSearch({
      tab: 'secrets',
      method: 'get it',
      path: 'contacts',
      ip: 'here',
      origin: 'javascript:alert(1)',
      grant: 'everything',
      constructor: 'x',
    }),
  ).toEqual({});
});
