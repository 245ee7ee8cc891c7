import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../core/errors/app-error.js';
import { IsE164 } from '../../core/validation/field-types.js';
import { CREATED_AND_UPDATED } from './date-range.js';
import { equals, isTrue } from './filters.js';
import { ListQueries } from './list-queries.js';

const FILTERS = {
  created_after: CREATED_AND_UPDATED.created_after!,
  phone: equals('phone', IsE164()),
  is_active: isTrue('is_active'),
};
const CURSOR = 'AaIChVotcrqWfO7i8YPFJQ';

function requestFor(search: string) {
  const query = Object.fromEntries(new URLSearchParams(search));
  return { url: `/things${search}`, query } as unknown as FastifyRequest;
}

async function refusalOf(search: string): Promise<string> {
  try {
    new ListQueries(FILTERS).read(requestFor(search));
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('ListQueries', () => {
  it.each([
    ['', { shape: 0, values: ['50'] }],
    ['?limit=7', { shape: 0, values: ['7'] }],
    [`?cursor=${CURSOR}`, { shape: 1, values: ['50', '01a20285-5a2d-72ba-967c-eee2f183c525'] }],
    ['?phone=%2B4930123', { shape: 4, values: ['50', '+4930123'] }],
    [
      `?is_active=false&cursor=${CURSOR}&created_after=2026-01-01T00:00:00Z&limit=1`,
      { shape: 11, values: ['1', '01a20285-5a2d-72ba-967c-eee2f183c525', '2026-01-01T00:00:00Z', 'false'] },
    ],
  ])('reads %s', async (search, expected) => {
    expect(new ListQueries(FILTERS).read(requestFor(search))).toEqual(expected);
  });

  it.each([
    ['?limit=0', 'limit must not be less than 1'],
    ['?limit=101', 'limit must not be greater than 100'],
    ['?limit=1e1', 'limit must be an integer number'],
    ['?cursor=abc', 'cursor is not valid'],
    ['?offset=1', 'offset is not a known field'],
    ['?phone=12', 'phone must be a phone number in E.164 format'],
    ['?is_active=yes', 'is_active must be true or false'],
    [
      '?created_after=2026-02-30',
      'created_after must be a date, or an ISO 8601 date and time with a zone, in the years 0001 to 9999 (UTC)',
    ],
    [
      '?created_after=2026-01-01T00:00:00%2B23:59',
      'created_after must be a date, or an ISO 8601 date and time with a zone, in the years 0001 to 9999 (UTC): its offset must be less than 16 hours',
    ],
    [
      '?created_after=2026-01-01T00:00:00+02:00',
      'created_after must be a date, or an ISO 8601 date and time with a zone, in the years 0001 to 9999 (UTC): in a query string, write + as %2B',
    ],
    ['?constructor=1', 'constructor is not a known field'],
  ])('refuses %s', async (search, message) => {
    expect(await refusalOf(search)).toBe(message);
  });

  it('caches valid query strings, but not refused ones', async () => {
    const queries = new ListQueries(FILTERS);
    const first = queries.read(requestFor('?limit=5'));
    expect(queries.read(requestFor('?limit=5'))).toBe(first);
    expect(() => queries.read(requestFor('?limit=x'))).toThrow(AppError);
    expect(() => queries.read(requestFor('?limit=x'))).toThrow(AppError);
  });
});
