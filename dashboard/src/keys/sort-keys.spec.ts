import { expect, it } from 'vitest';
import { EXAMPLE_SUMMARY } from './example-summary';
import { isSort, nextSort, sortKeys, type KeySort } from './sort-keys';

const KEYS = [
  {
    name: 'Key 10',
    requests_30_days: 5,
    denied_30_days: 5,
    last_used_at: '2026-03-01T00:00:00.000Z',
    expires_at: null,
  },
  {
    name: 'key 2',
    requests_30_days: 900,
    denied_30_days: 9,
    last_used_at: null,
    expires_at: '2026-05-01T00:00:00.000Z',
  },
  {
    name: 'Analytics',
    requests_30_days: 0,
    denied_30_days: 0,
    last_used_at: '2026-03-02T00:00:00.000Z',
    expires_at: '2026-04-01T00:00:00.000Z',
  },
].map((values) => ({ ...EXAMPLE_SUMMARY, ...values }));

it.each<[KeySort, string[]]>([
  ['name', ['Analytics', 'key 2', 'Key 10']],
  ['-name', ['Key 10', 'key 2', 'Analytics']],
  ['-requests', ['key 2', 'Key 10', 'Analytics']],
  ['last_used', ['Key 10', 'Analytics', 'key 2']],
  ['-last_used', ['Analytics', 'Key 10', 'key 2']],
  ['expires', ['Analytics', 'key 2', 'Key 10']],
  ['-expires', ['key 2', 'Analytics', 'Key 10']],
])('sorted by %s, keys without a value are last', (sort, names) => {
  expect(sortKeys(KEYS, sort).map(({ name }) => name)).toEqual(names);
});

it('denied requests are sorted by their share', () => {
  expect(sortKeys(KEYS, '-denied').map(({ name }) => name)).toEqual(['Key 10', 'key 2', 'Analytics']);
});

it('equal keys stay in the order of the server', () => {
  const equal = ['b', 'a', 'c'].map((name) => ({ ...EXAMPLE_SUMMARY, name }));
  expect(sortKeys(equal, '-created').map(({ name }) => name)).toEqual(['b', 'a', 'c']);
});

it('a column title sorts by it first, and then reverses the order', () => {
  expect(nextSort('requests', '-created')).toBe('-requests');
  expect(nextSort('requests', '-requests')).toBe('requests');
  expect(nextSort('name', '-created')).toBe('name');
  expect([isSort('-requests'), isSort('--requests'), isSort('secret'), isSort(undefined)]).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
