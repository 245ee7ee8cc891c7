import type { RequestFilters } from '../api/requests';
import type { RequestsSearch } from './requests-search';

const HOUR_MS = 3_600_000;
const HOURS_PER_DAY = 24;

export type Period = Pick<RequestFilters, 'from' | 'to'>;

/** The chosen time, or the last whole days up to now. Usage is counted by the hour, so that periods start on one. */
export function periodOf({ days, from, to }: RequestsSearch, now = new Date()): Period {
  if (from !== undefined) return { from, ...(to !== undefined && { to }) };
  const hours = Math.floor(now.getTime() / HOUR_MS) - (days ?? 1) * HOURS_PER_DAY + 1;
  return { from: new Date(hours * HOUR_MS).toISOString() };
}

/** The filters of the URL for the API. A request id is looked for at any time. */
export function filtersOf(search: RequestsSearch, now = new Date()): RequestFilters {
  return { ...withoutPeriod(search), ...(search.request === undefined && periodOf(search, now)) };
}

/** The filters for rows that are yet to come. */
export function withoutPeriod(search: RequestsSearch): RequestFilters {
  const { key, outcome, status, reason, route, method, service, address, request } = search;
  return {
    ...(key && { api_key_id: key }),
    ...(outcome && { outcome }),
    ...(status && { status: String(status) }),
    // The server refuses a reason that it doesn't know.
    ...(reason && { reason: reason as Required<RequestFilters>['reason'] }),
    ...(route && { route }),
    ...(method && { method }),
    ...(service && { service }),
    ...(address && { client_address: address }),
    ...(request && { request_id: request }),
  };
}

const START = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

/** `29 Nov, 08:00 – 09:00`, in the viewer's zone. */
export function periodWords({ from, to }: Period): string {
  if (from === undefined) return '';
  return to === undefined ? `from ${START.format(new Date(from))}` : START.formatRange(new Date(from), new Date(to));
}
