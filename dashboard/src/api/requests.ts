import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from './client';
import type {
  CheckAnswer,
  CheckQuestion,
  LoggedRequest,
  Outcome,
  RequestFacets,
  RequestSummary,
} from './request-types';

export interface RequestFilters {
  readonly api_key_id?: string;
  readonly credential_id?: string;
  readonly method?: string;
  readonly route?: string;
  /** `403`, or `4xx`. */
  readonly status?: string;
  readonly outcome?: Outcome;
  readonly reason?: string;
  readonly client_address?: string;
  readonly service?: string;
  readonly request_id?: string;
  /** An ISO 8601 instant, as is `to`. */
  readonly from?: string;
  readonly to?: string;
}

interface Page {
  readonly items: readonly LoggedRequest[];
  readonly next: string | null;
}

const REQUESTS = ['requests'];
export const REQUESTS_PER_PAGE = 100;

// Until the types of the SDK have these routes.
const untyped = api as unknown as Record<'get' | 'post', (path: string, init?: object) => Promise<unknown>>;

export function requestsQuery(filters: RequestFilters) {
  return infiniteQueryOptions({
    queryKey: [...REQUESTS, 'list', filters],
    queryFn: async ({ pageParam: cursor, signal }) => {
      const query = { ...filters, limit: REQUESTS_PER_PAGE, cursor };
      return (await untyped.get('/manage/v1/requests', { params: { query }, signal })) as Page;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** A row never changes. */
export function requestQuery(id: string) {
  return queryOptions({
    queryKey: [...REQUESTS, 'one', id],
    queryFn: async ({ signal }) =>
      (await untyped.get('/manage/v1/requests/{id}', { params: { path: { id } }, signal })) as LoggedRequest,
    staleTime: Infinity,
  });
}

/** The values that occur, for the filters to offer. */
export const requestFacetsQuery = queryOptions({
  queryKey: [...REQUESTS, 'facets'],
  queryFn: async ({ signal }) => (await untyped.get('/manage/v1/requests/facets', { signal })) as RequestFacets,
  staleTime: 60_000,
});

export function requestSummaryQuery(query: Pick<RequestFilters, 'api_key_id' | 'from' | 'to'>) {
  return queryOptions({
    queryKey: [...REQUESTS, 'summary', query],
    queryFn: async ({ signal }) =>
      (await untyped.get('/manage/v1/requests/summary', { params: { query }, signal })) as RequestSummary,
    placeholderData: keepPreviousData,
  });
}

/** What the guards would answer now. */
export function checkQuery(id: string, body: CheckQuestion) {
  return queryOptions({
    // A change of the key changes the answer.
    queryKey: ['keys', 'check', id, body],
    queryFn: async ({ signal }) =>
      (await untyped.post('/manage/v1/api-keys/{id}/check', { params: { path: { id } }, body, signal })) as CheckAnswer,
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
