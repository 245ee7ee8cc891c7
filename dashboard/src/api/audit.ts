import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from './client';
import type { ActorType } from './wire';

export interface AuditFilters {
  readonly api_key_id?: string;
  readonly actor_id?: string;
  /** Filters by actors without an id. */
  readonly actor_type?: ActorType;
  readonly action?: string;
  /** An ISO 8601 instant, as is `to`. */
  readonly from?: string;
  readonly to?: string;
}

const AUDIT = ['audit'];

export function auditQuery(filters: AuditFilters) {
  return infiniteQueryOptions({
    queryKey: [...AUDIT, 'list', filters],
    queryFn: ({ pageParam: cursor, signal }) =>
      api.get('/manage/v1/audit', { params: { query: { ...filters, cursor } }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}

/** Every actor of the audit, including removed members and the partner. */
export const actorsQuery = queryOptions({
  queryKey: [...AUDIT, 'actors'],
  queryFn: async ({ signal }) => (await api.get('/manage/v1/audit/actors', { signal })).items,
});

/** The address of a user's last sign-in; null if the audit has none. */
export function signInAddressQuery(actorId: string) {
  return queryOptions({
    queryKey: [...AUDIT, 'sign-in', actorId],
    queryFn: async ({ signal }) => {
      const query = { actor_id: actorId, action: 'session.started', limit: 1 };
      const { items } = await api.get('/manage/v1/audit', { params: { query }, signal });
      return items[0]?.ip ?? null;
    },
    staleTime: Infinity,
  });
}

/** The URL that downloads the filtered entries. */
export function auditCsvUrl(filters: AuditFilters): string {
  const given = Object.entries(filters).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `/manage/v1/audit.csv?${new URLSearchParams(given)}`;
}
