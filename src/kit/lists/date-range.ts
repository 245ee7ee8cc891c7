import { invalidField } from '../../core/errors/invalid-request.js';
import { check, Optional } from '../../core/validation/decorators.js';
import { instantInsteadOf, isInstant } from '../../core/validation/instant.js';
import type { Filter, Filters } from './filters.js';

const DAY = /^\d{4}-\d\d-\d\d$/;
const DAY_MS = 86_400_000;
const DEFAULT_RANGE = `interval '30 days'`;

/** The bounds that time filters can be. A start is included, and so is an end; `before` is not. */
const BOUNDS = {
  start: 'A date, from its start, or an ISO 8601 instant. Included.',
  end: 'A date, to its end, or an ISO 8601 instant. Included.',
  before: 'A date or an ISO 8601 instant. Not included: earlier than the instant, or than the start of the date.',
};

/** Accepts a day, such as `2026-03-15`, or an ISO 8601 instant. */
export function IsDayOrInstant(bound: keyof typeof BOUNDS): PropertyDecorator {
  const isDay = (text: string) => DAY.test(text) && isInstant(`${text}T00:00:00Z`);
  return check(
    'dayOrInstant',
    (value) => typeof value === 'string' && (isDay(value) || isInstant(value)),
    (value) => `must be a date, or ${instantInsteadOf(value)}`,
    { schema: { type: 'string', description: BOUNDS[bound] } },
  );
}

/** Query parameters of a report's period, both ends included. */
export class DateRangeQuery {
  @Optional()
  @IsDayOrInstant('start')
  start_date?: string;

  @Optional()
  @IsDayOrInstant('end')
  end_date?: string;
}

/** @throws AppError invalid_request (400) if the range ends before it starts */
export function assertValidRange({ start_date: start, end_date: end }: DateRangeQuery): void {
  if (start === undefined || end === undefined) return;
  if (endOfRangeMs(end) < Date.parse(start)) throw invalidField('end_date', 'end_date must not be before start_date');
}

/** Returns the last millisecond of a range; a day is included as a whole. */
export function endOfRangeMs(end: string): number {
  return Date.parse(end) + (DAY.test(end) ? DAY_MS - 1 : 0);
}

/** SQL for the first instant of a range. @param parameter a day or instant @param zone SQL for the time zone of days */
export function startSql(parameter: string, zone = `'UTC'`): string {
  return shiftedSql(parameter, zone, '');
}

/** SQL for the last millisecond of a range. */
export function endSql(parameter: string, zone = `'UTC'`): string {
  return `CASE WHEN length(${parameter}::text) = 10
    THEN (${parameter}::text::timestamp + interval '1 day') AT TIME ZONE ${zone} - interval '1 millisecond'
    ELSE ${parameter}::text::timestamptz END`;
}

/**
 * SQL for the ends of a `DateRangeQuery`. Without a start, it begins 30 days before its end; without an end, it ends now.
 * @param start parameter, or NULL
 */
export function rangeSql(
  start: string,
  end: string,
  zone = `'UTC'`,
): { readonly first: string; readonly last: string } {
  const beforeEnd = shiftedSql(end, zone, ` - ${DEFAULT_RANGE}`);
  return {
    first: `coalesce(${startSql(start, zone)}, ${beforeEnd}, now() - ${DEFAULT_RANGE})`,
    last: `coalesce(${endSql(end, zone)}, now())`,
  };
}

function shiftedSql(parameter: string, zone: string, shift: string): string {
  return `CASE WHEN length(${parameter}::text) = 10 THEN (${parameter}::text::timestamp${shift}) AT TIME ZONE ${zone}
    ELSE ${parameter}::text::timestamptz${shift} END`;
}

/** Filters `start_date` and `end_date`. */
export function inRange(column: string): Filters {
  return { start_date: startOf(column), end_date: endOf(column) };
}

/** Filters `from` and `to`. */
export function fromTo(column: string): Filters {
  return { from: startOf(column), to: endOf(column) };
}

export const CREATED_AND_UPDATED: Filters = {
  created_after: startOf('created_at'),
  created_before: before('created_at'),
  updated_after: startOf('updated_at'),
  updated_before: before('updated_at'),
};

function startOf(column: string): Filter {
  return timeFilter('start', (parameter) => `${column} >= ${startSql(parameter)}`);
}

function endOf(column: string): Filter {
  return timeFilter('end', (parameter) => `${column} <= ${endSql(parameter)}`);
}

function before(column: string): Filter {
  return timeFilter('before', (parameter) => `${column} < ${startSql(parameter)}`);
}

function timeFilter(bound: keyof typeof BOUNDS, condition: Filter['condition']): Filter {
  return { rules: [IsDayOrInstant(bound)], condition, isSlow: true };
}
