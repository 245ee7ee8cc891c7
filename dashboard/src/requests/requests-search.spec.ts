import { expect, it } from 'vitest';
import { filtersOf, periodOf } from './request-period';
import { validateRequestsSearch } from './requests-search';

const NOW = new Date('2026-11-29T10:20:30.000Z');

it('filters of the URL are kept as they are, and anything else is left out', () => {
  const search = { status: 403, reason: 'scope_missing', route: '/contacts/{id}', address: '2001:db8::1', days: 7 };
  expect(validateRequestsSearch({ ...search, outcome: 'sideways', key: '../x', from: 'yesterday', q: 1 })).toEqual(
    search,
  );
  expect(validateRequestsSearch({ status: '4xx', days: 3, method: 'get' })).toEqual({ status: '4xx' });
});

it('the period is the last day, some days, or what a bar has chosen', () => {
  expect(periodOf({}, NOW)).toEqual({ from: '2026-11-28T11:00:00.000Z' });
  expect(periodOf({ days: 7 }, NOW)).toEqual({ from: '2026-11-22T11:00:00.000Z' });
  const chosen = { from: '2026-11-29T08:00:00.000Z', to: '2026-11-29T09:00:00.000Z' };
  expect(periodOf({ days: 7, ...chosen }, NOW)).toEqual(chosen);
});

it('a request id is looked for in the whole log', () => {
  expect(filtersOf({ request: 'abc-1' }, NOW)).toEqual({ request_id: 'abc-1' });
  expect(filtersOf({ request: 'abc-1', from: '2026-11-29T08:00:00.000Z' }, NOW)).toEqual({ request_id: 'abc-1' });
});

it('the filters of the URL are those of the API', () => {
  const id = '01a223df-2699-770b-970a-6b5d9ff74b56';
  const search = { key: id, status: 403, outcome: 'denied', address: '203.0.113.7', days: 30, open: id } as const;
  expect(filtersOf(search, NOW)).toEqual({
    api_key_id: id,
    status: '403',
    outcome: 'denied',
    client_address: '203.0.113.7',
    from: '2026-10-30T11:00:00.000Z',
  });
});
