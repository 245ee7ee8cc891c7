import { invalidField } from '../../core/errors/invalid-request.js';
import { check, Optional } from '../../core/validation/decorators.js';
import { instantInsteadOf, isInstant } from '../../core/validation/instant.js';
import type { Filter, Filters } from './filters.js';

const DAY = /^\d{4}-\d\d-\d\d$/;
const DAY_MS = 86_400_000;

/** Accepts a day, such as `2026-03-15`, or an ISO 8601 instant. */
export function IsDayOrInstant(): PropertyDecorator {
  const isDay = (text: string) => DAY.test(text) && isInstant(`${text}T00:00:00Z`);
  return check(
    'dayOrInstant',
    (value) => typeof value === 'string' && (isDay(value) || isInstant(value)),
    (value) => `must be a date, or ${instantInsteadOf(value)}`,
    { schema: { type: 'string', description: 'A day, from its beginning to its end, or an ISO 8601 instant.' } },
  );
}

/** Query parameters of a period, both ends included. */
export class DateRangeQuery {
  @Optional()
  @IsDayOrInstant()
  start_date?: string;

  @Optional()
  @IsDayOrInstant()
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
  return `CASE WHEN length(${parameter}::text) = 10 THEN ${parameter}::text::timestamp AT TIME ZONE ${zone}
    ELSE ${parameter}::text::timestamptz END`;
}

/** SQL for the last millisecond of a range. */
export function endSql(parameter: string, zone = `'UTC'`): string {
  return `CASE WHEN length(${parameter}::text) = 10
    THEN (${parameter}::text::timestamp + interval '1 day') AT TIME ZONE ${zone} - interval '1 millisecond'
    ELSE ${parameter}::text::timestamptz END`;
}

/** Filters `start_date` and `end_date` on a column. */
export function inRange(column: string): Filters {
  const filter = (condition: Filter['condition']): Filter => ({ rules: [IsDayOrInstant()], condition, isSlow: true });
  return {
    start_date: filter((parameter) => `${column} >= ${startSql(parameter)}`),
    end_date: filter((parameter) => `${column} <= ${endSql(parameter)}`),
  };
}
