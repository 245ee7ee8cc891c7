import { expect, it } from 'vitest';
import { pathOf, questionOf } from './test-question';

it.each([
  ['https://api.example.com/contacts/7?limit=2', '/contacts/7?limit=2'],
  ['/contacts', '/contacts'],
  ['contacts/7', '/contacts/7'],
  [' ', ''],
])('the path of %j is %j', (text, path) => {
  expect(pathOf(text)).toBe(path);
});

it('a question is about a path or a scope, from an address and an origin', () => {
  expect(questionOf({})).toBeUndefined();
  expect(questionOf({ method: 'GET' })).toBeUndefined();
  expect(questionOf({ path: '/tags' })).toEqual({ method: 'GET', path: '/tags' });
  expect(questionOf({ method: 'POST', path: '/tags', ip: '203.0.113.7', service: 'bookings' })).toEqual({
    method: 'POST',
    path: '/tags',
    service: 'bookings',
    ip: '203.0.113.7',
  });
  expect(questionOf({ method: 'POST', path: '/tags', scope: 'tags:read', origin: 'https://shop.example' })).toEqual({
    scope: 'tags:read',
    origin: 'https://shop.example',
  });
});
