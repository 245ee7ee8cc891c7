import { infiniteQueryOptions, queryOptions, useQueryClient } from '@tanstack/react-query';
import { useChange } from './change';
import { api } from './client';

export const membersQuery = infiniteQueryOptions({
  queryKey: ['members'],
  queryFn: ({ pageParam: cursor, signal }) => api.get('/manage/v1/members', { params: { query: { cursor } }, signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ next }) => next ?? undefined,
});

export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: async ({ signal }) => (await api.get('/manage/v1/roles', { signal })).items,
  staleTime: Infinity,
});

/** Reloads the session too, because users can change their own role. */
function useMembersChanged() {
  const client = useQueryClient();
  return () =>
    Promise.all(['members', 'audit', 'session'].map((name) => client.invalidateQueries({ queryKey: [name] })));
}

export function useAddMember() {
  const onSuccess = useMembersChanged();
  return useChange({
    mutationFn: (body: { email: string; name?: string; role_id: string }) => api.post('/manage/v1/members', { body }),
    onSuccess,
  });
}

export function useChangeRole() {
  const onSuccess = useMembersChanged();
  return useChange({
    mutationFn: ({ user_id, role_id }: { user_id: string; role_id: string }) =>
      api.patch('/manage/v1/members/{user_id}', { params: { path: { user_id } }, body: { role_id } }),
    onSuccess,
  });
}

export function useRemoveMember() {
  const onSuccess = useMembersChanged();
  return useChange({
    mutationFn: (user_id: string) => api.delete('/manage/v1/members/{user_id}', { params: { path: { user_id } } }),
    onSuccess,
  });
}
