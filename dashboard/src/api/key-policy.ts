import { infiniteQueryOptions, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useChange } from './change';
import { api } from './client';
import type { EffectivePolicy, KeyPolicySettings } from './wire';

const POLICY = ['key-policy'];

export const keyPolicyQuery = queryOptions({
  queryKey: [...POLICY, 'one'],
  queryFn: ({ signal }) => api.get('/manage/v1/key-policy', { signal }),
  staleTime: 60_000,
});

/** The keys that break rules now. Changes of keys make it stale, so that it is among the queries of keys. */
export const violatorsQuery = infiniteQueryOptions({
  queryKey: ['keys', 'violators'],
  queryFn: ({ pageParam: cursor, signal }) =>
    api.get('/manage/v1/key-policy/violations', {
      params: { query: { cursor } },
      signal,
    }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ next }) => next ?? undefined,
});

/** The keys that would break the rules of a draft. */
export function previewQuery(draft: KeyPolicySettings) {
  return queryOptions({
    queryKey: ['keys', 'violators', 'preview', draft],
    queryFn: ({ signal }) => api.post('/manage/v1/key-policy/preview', { body: draft, signal }),
    retry: false,
  });
}

export function useSetKeyPolicy() {
  const client = useQueryClient();
  return useChange({
    mutationFn: (body: KeyPolicySettings) => api.put('/manage/v1/key-policy', { body }),
    onSuccess: async (policy) => {
      client.setQueryData(keyPolicyQuery.queryKey, policy);
      client.setQueryData(effectivePolicyQuery.queryKey, policy.effective);
      await Promise.all(['keys', 'audit'].map((name) => client.invalidateQueries({ queryKey: [name] })));
    },
  });
}

const NO_RULES: EffectivePolicy = {};

/**
 * The rules for forms of keys. None if they can't be read: the server judges each key anyway, and a query that failed
 * would be asked again by each field that uses it.
 */
export const effectivePolicyQuery = queryOptions({
  queryKey: [...POLICY, 'effective'],
  queryFn: async ({ signal }): Promise<EffectivePolicy> => {
    try {
      return (await api.get('/manage/v1/key-policy', { signal })).effective;
    } catch (error) {
      if (signal.aborted) throw error;
      return NO_RULES;
    }
  },
  staleTime: 60_000,
});

/** None while they are loading. */
export function useEffectivePolicy(): EffectivePolicy {
  return useQuery(effectivePolicyQuery).data ?? NO_RULES;
}
