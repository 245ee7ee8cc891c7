import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { once } from '../../../sdk/src/index.js';
import { useChange } from './change';
import { api } from './client';
import { useKeysChanged } from './keys';

const KEYS = ['keys'];

const ofKey = (id: string) => ({ path: { id } });

/** All keys of a state in one answer, without their scopes. */
export function overviewQuery(state: 'active' | 'suspended' | 'inactive') {
  return queryOptions({
    queryKey: [...KEYS, 'overview', state],
    queryFn: ({ signal }) => api.get('/manage/v1/api-keys/overview', { params: { query: { state } }, signal }),
  });
}

/** How the key did in the last days, and what could be better about it. */
export function healthQuery(id: string) {
  return queryOptions({
    queryKey: [...KEYS, 'health', id],
    queryFn: ({ signal }) => api.get('/manage/v1/api-keys/{id}/health', { params: ofKey(id), signal }),
  });
}

/** The scopes of the key with their use. */
export function scopeUsesQuery(id: string) {
  return queryOptions({
    queryKey: [...KEYS, 'scopes', id],
    queryFn: ({ signal }) => api.get('/manage/v1/api-keys/{id}/scopes', { params: ofKey(id), signal }),
  });
}

/** The current credential, and replaced ones, newest first. */
export function credentialsQuery(id: string) {
  return queryOptions({
    queryKey: [...KEYS, 'credentials', id],
    queryFn: async ({ signal }) =>
      (await api.get('/manage/v1/api-keys/{id}/credentials', { params: ofKey(id), signal })).items,
  });
}

/** Where credentials of the key were found in public, newest first. */
export function exposuresQuery(id: string) {
  return queryOptions({
    queryKey: [...KEYS, 'exposures', id],
    queryFn: async ({ signal }) => {
      const path = '/manage/v1/api-keys/{id}/exposures';
      return (await api.get(path, { params: ofKey(id), signal })).items;
    },
  });
}

/** Keys of other products that work here, newest import first. */
export const importsQuery = queryOptions({
  queryKey: [...KEYS, 'imports'],
  queryFn: async ({ signal }) => {
    const path = '/manage/v1/api-keys/imports';
    return (await api.get(path, { signal })).items;
  },
  staleTime: 60_000,
});

export function useRemoveScopes(id: string) {
  const onSuccess = useKeysChanged();
  const client = useQueryClient();
  return useChange({
    mutationFn: (scopes: readonly string[]) => {
      const params = { ...ofKey(id), ...once() };
      return api.post('/manage/v1/api-keys/{id}/scopes/remove', { params, body: { scopes: [...scopes] } });
    },
    onSuccess,
    // A scope was used in the meantime.
    onError: () => client.invalidateQueries(scopeUsesQuery(id)),
  });
}

/** Takes back the last removal of scopes. */
export function useRestoreScopes(id: string) {
  const onSuccess = useKeysChanged();
  return useChange({
    mutationFn: () => api.post('/manage/v1/api-keys/{id}/scopes/restore', { params: ofKey(id) }),
    onSuccess,
  });
}
