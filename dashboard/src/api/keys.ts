import { infiniteQueryOptions, queryOptions, useQueryClient } from '@tanstack/react-query';
import { useChange } from './change';
import { api } from './client';
import type { ApiKey, CreateApiKey, NewApiKey, UpdateApiKey, UsageDay } from './wire';

export interface KeyFilters {
  readonly state?: 'active' | 'inactive';
  readonly kind?: ApiKey['kind'];
  /** One type, or several separated by commas. */
  readonly type?: string;
  readonly search?: string;
}

const KEYS = ['keys'];

export function keysQuery(filters: KeyFilters) {
  return infiniteQueryOptions({
    queryKey: [...KEYS, 'list', filters],
    queryFn: ({ pageParam: cursor, signal }) =>
      api.get('/manage/v1/api-keys', { params: { query: { ...filters, cursor } }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}

export function keyQuery(id: string) {
  return queryOptions({
    queryKey: [...KEYS, 'one', id],
    queryFn: ({ signal }) => api.get('/manage/v1/api-keys/{id}', { params: { path: { id } }, signal }),
  });
}

export function usageQuery(id: string) {
  return queryOptions({
    queryKey: [...KEYS, 'usage', id],
    queryFn: ({ signal }) => api.get('/manage/v1/api-keys/{id}/usage', { params: { path: { id } }, signal }),
    staleTime: 60_000,
  });
}

/** Usage by day of several keys in one request, because one request per key would exceed the rate limit of the session. */
export function usageByDayQuery(ids: readonly string[]) {
  return queryOptions({
    queryKey: [...KEYS, 'days', ids],
    queryFn: async ({ signal }): Promise<Readonly<Record<string, readonly UsageDay[]>>> => {
      const query = { ids: ids.join(',') };
      const { items } = await api.get('/manage/v1/api-keys/usage', { params: { query }, signal });
      return Object.fromEntries(items.map(({ id, days }) => [id, days]));
    },
    enabled: ids.length > 0,
    staleTime: 60_000,
  });
}

/** A new credential. It is shown once and never enters the query cache. */
export interface MintedKey {
  readonly key: ApiKey;
  /** The whole key, or the public half of a key with a secret. */
  readonly token: string;
  readonly secret: string | undefined;
}

function mintedOf({ api_key, api_secret, ...key }: NewApiKey): MintedKey {
  return { key, token: api_key, secret: api_secret };
}

/** Not a mutation of the query cache, which would keep the response. */
export async function createKey(body: CreateApiKey): Promise<MintedKey> {
  return mintedOf(await api.post('/manage/v1/api-keys', { body }));
}

/** How long the old credential goes on working, and from when. */
export interface Overlap {
  readonly grace_seconds: number;
  readonly overlap_from: 'now' | 'first_use';
}

export async function rotateKey(id: string, overlap: Overlap): Promise<MintedKey> {
  const made = await api.post('/manage/v1/api-keys/{id}/rotate', {
    params: { path: { id } },
    body: overlap,
  });
  return mintedOf(made);
}

/** Refreshes the lists of keys, the pages of keys and the audit. */
export function useKeysChanged(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: KEYS }),
      client.invalidateQueries({ queryKey: ['audit'] }),
    ]);
  };
}

export function useAcknowledge() {
  const onSuccess = useKeysChanged();
  return useChange({
    mutationFn: (id: string) => api.post('/manage/v1/api-keys/{id}/acknowledge', { params: { path: { id } } }),
    onSuccess,
  });
}

/** @param revision the version that the change is meant for; another one is 412 */
export function useUpdateKey(id: string, revision: number) {
  const onSuccess = useKeysChanged();
  return useChange({
    mutationFn: (body: UpdateApiKey) =>
      api.patch('/manage/v1/api-keys/{id}', {
        params: { path: { id }, header: { 'If-Match': `"${revision}"` } },
        body,
      }),
    onSuccess,
  });
}

/** What can be done with a key in one request. */
export type KeyAction = 'suspend' | 'resume' | 'revoke';

export function changeKey(id: string, action: KeyAction): Promise<ApiKey> {
  return api.post(`/manage/v1/api-keys/{id}/${action}`, { params: { path: { id } } });
}

export function useKeyAction(id: string, action: KeyAction) {
  const onSuccess = useKeysChanged();
  return useChange({ mutationFn: () => changeKey(id, action), onSuccess });
}
