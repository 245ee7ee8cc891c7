import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from './client';
import type { operations } from '../../../sdk/src/index.js';
import type { CheckQuestion } from './request-types';

type Query = NonNullable<operations['manageRequests.list']['parameters']['query']>;
export type RequestFilters = Readonly<Omit<Query, 'limit' | 'cursor'>>;

const REQUESTS = ['requests'];
export const REQUESTS_PER_PAGE = 100;

export function requestsQuery(filters: RequestFilters) {
  return infiniteQueryOptions({
    queryKey: [...REQUESTS, 'list', filters],
    queryFn: ({ pageParam: cursor, signal }) =>
      api.get('/manage/v1/requests', { params: { query: { ...filters, limit: REQUESTS_PER_PAGE, cursor } }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** A row never changes. */
export function requestQuery(id: string) {
  return queryOptions({
    queryKey: [...REQUESTS, 'one', id],
    queryFn: ({ signal }) => api.get('/manage/v1/requests/{id}', { params: { path: { id } }, signal }),
    staleTime: Infinity,
  });
}

/** The values that occur, for the filters to offer. */
export const requestFacetsQuery = queryOptions({
  queryKey: [...REQUESTS, 'facets'],
  queryFn: ({ signal }) => api.get('/manage/v1/requests/facets', { signal }),
  staleTime: 60_000,
});

export function requestSummaryQuery(query: Pick<RequestFilters, 'api_key_id' | 'from' | 'to'>) {
  return queryOptions({
    queryKey: [...REQUESTS, 'summary', query],
    queryFn: ({ signal }) => api.get('/manage/v1/requests/summary', { params: { query }, signal }),
    placeholderData: keepPreviousData,
  });
}

/** What the guards would answer now. */
export function checkQuery(id: string, body: CheckQuestion) {
  return queryOptions({
    // A change of the key changes the answer.
    queryKey: ['keys', 'check', id, body],
    queryFn: ({ signal }) => api.post('/manage/v1/api-keys/{id}/check', { params: { path: { id } }, body, signal }),
    retry: false,
  });
}

/** The URL that downloads the filtered rows. */
export function requestsCsvUrl(filters: RequestFilters): string {
  return `/manage/v1/requests.csv?${paramsOf(filters)}`;
}

/** The URL of the event stream of new rows. */
export function liveRequestsUrl(filters: RequestFilters): string {
  return `/manage/v1/requests/live?${paramsOf(filters)}`;
}

function paramsOf(filters: RequestFilters): URLSearchParams {
  return new URLSearchParams(Object.entries(filters).filter((entry): entry is [string, string] => Boolean(entry[1])));
}
