import { describe, expect, it } from 'vitest';
import { actionWords, fieldWords, isSaidElsewhere, valueWords } from './audit-words';

it.each([
  ['api_key.revoked', 'revoked API key'],
  ['tag.updated', 'edited tag'],
  ['blocked_contact.created', 'blocked contact'],
  ['space_ship.launched_twice', 'space ship launched twice'],
])('the action %s reads "%s"', (action, words) => {
  expect(actionWords(action)).toBe(words);
});

it.each([
  ['rate_per_minute', 'requests per minute'],
  ['first_message', 'first message'],
])('the field %s reads "%s"', (field, words) => {
  expect(fieldWords(field)).toBe(words);
});

it.each<[string, unknown, string]>([
  ['kind', 'key_secret', 'Key + secret'],
  ['type', 'queue_adapter', 'QueueAdapter'],
  ['type', 'unheard_of', 'unheard_of'],
  ['name', 'bearer', 'bearer'],
  ['name', '', 'none'],
  ['name', null, 'none'],
  ['scopes', [], 'none'],
  ['scopes', ['tags:read', 'tags:write'], 'tags:read, tags:write'],
  ['is_active', false, 'false'],
  ['rate_per_minute', 0, '0'],
  ['filter', { a: 1 }, '{"a":1}'],
])('the value of %s %j reads "%s"', (field, value, words) => {
  expect(valueWords(field, value)).toBe(words);
});

it('an instant reads as a date and a time in the viewer’s zone', () => {
  expect(valueWords('expires_at', '2026-03-31T12:00:00.000Z')).toMatch(/^3[01] Mar 2026, \d\d:\d\d$|^1 Apr 2026/);
});

describe('a changed field is left out', () => {
  const isLeftOut = (field: string, change: { before?: unknown; after?: unknown }, others: object = {}) => {
    const entry = { before: null, after: null, ...change };
    return isSaidElsewhere(field, entry, { ...others, [field]: entry });
  };

  it('if the action implies it', () => {
    expect(isLeftOut('revoked_at', { after: '2026-03-31T12:00:00.000Z' })).toBe(true);
  });

  it('if a new key has the usual kind or type', () => {
    expect(isLeftOut('kind', { after: 'bearer' })).toBe(true);
    expect(isLeftOut('kind', { after: 'key_secret' })).toBe(false);
    expect(isLeftOut('type', { after: 'standard' })).toBe(true);
    expect(isLeftOut('name', { after: 'Production' })).toBe(false);
  });

  it('if it is the access of a new key whose scopes are listed', () => {
    const scopes = { scopes: { before: null, after: ['tags:read'] } };
    expect(isLeftOut('access', { after: 'scoped' }, scopes)).toBe(true);
    expect(isLeftOut('access', { after: 'full' })).toBe(false);
  });

  it('never if it had another value before', () => {
    expect(isLeftOut('kind', { before: 'key_secret', after: 'bearer' })).toBe(false);
    expect(isLeftOut('access', { before: 'full', after: 'scoped' }, { scopes: {} })).toBe(false);
  });
});
