import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { once } from '../../../sdk/src/index.js';
import { api } from './client';
import type { KeyCredential, KeyHealth, KeysOverview, ScopeUses } from './insight-types';
import { useKeysChanged } from './keys';
import type { ApiKey } from './wire';

const KEYS = ['keys'];

// Until the types of the SDK have these routes.
const untyped = api as unknown as Record<'get' | 'post', (path: string, init?: object) => Promise<unknown>>;
const ofKey = (id: string) => ({ path: { id } });

/** All keys of a state in one answer, without their scopes. */
export function overviewQuery(state: 'active' | 'inactive') {
  return queryOptions({
    queryKey: [...KEYS, 'overview', state],
    queryFn: async ({ signal }) =>
      (await untyped.get('/manage/v1/api-keys/overview', { params: { query: { state } }, signal })) as KeysOverview,
  });
}

/** How the key did in the last days, and what could be better about it. */
export function healthQuery(id: string) {
  return queryOptions({
    queryKey: [...KEYS, 'health', id],
    queryFn: async ({ signal }) =>
      (await untyped.get('/manage/v1/api-keys/{id}/health', { params: ofKey(id), signal })) as KeyHealth,
  });
}

/** The scopes of the key with their use. */
export function scopeUsesQuery(id: string) {
  return queryOptions({
    queryKey: [...KEYS, 'scopes', id],
    queryFn: async ({ signal }) =>
      (await untyped.get('/manage/v1/api-keys/{id}/scopes', { params: ofKey(id), signal })) as ScopeUses,
  });
}

/** The current credential, and replaced ones, newest first. */
export function credentialsQuery(id: string) {
  return queryOptions({
    queryKey: [...KEYS, 'credentials', id],
    queryFn: async ({ signal }) => {
      const answer = await untyped.get('/manage/v1/api-keys/{id}/credentials', { params: ofKey(id), signal });
      return (answer as { readonly items: readonly KeyCredential[] }).items;
    },
  });
}

export function useRemoveScopes(id: string) {
  const onSuccess = useKeysChanged();
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (scopes: readonly string[]) => {
      const params = { ...ofKey(id), ...once() };
      return (await untyped.post('/manage/v1/api-keys/{id}/scopes/remove', { params, body: { scopes } })) as ApiKey;
    },
    onSuccess,
    // A scope was used in the meantime.
    onError: () => client.invalidateQueries(scopeUsesQuery(id)),
  });
}

/** Takes back the last removal of scopes. */
export function useRestoreScopes(id: string) {
  const onSuccess = useKeysChanged();
  return useMutation({
    mutationFn: async () =>
      (await untyped.post('/manage/v1/api-keys/{id}/scopes/restore', { params: ofKey(id) })) as ApiKey,
    onSuccess,
  });
}
