import { infiniteQueryOptions, useQueryClient } from '@tanstack/react-query';
import { useChange } from './change';
import { api } from './client';
import type { Agent } from './wire';

export type AgentSettings = Pick<Agent, 'name' | 'voice_id' | 'greeting' | 'prompt'>;

export const agentsQuery = infiniteQueryOptions({
  queryKey: ['agents'],
  queryFn: ({ pageParam: cursor, signal }) =>
    api.get('/manage/v1/agents', { params: { query: { cursor, limit: 100 } }, signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ next }) => next ?? undefined,
});

/** Deleting an agent revokes its keys. */
function useAgentsChanged() {
  const client = useQueryClient();
  return () => Promise.all(['agents', 'keys', 'audit'].map((name) => client.invalidateQueries({ queryKey: [name] })));
}

export function useAddAgent() {
  const onSuccess = useAgentsChanged();
  return useChange({
    mutationFn: (body: AgentSettings) => api.post('/manage/v1/agents', { body }),
    onSuccess,
  });
}

export function useChangeAgent() {
  const onSuccess = useAgentsChanged();
  return useChange({
    mutationFn: ({ id, ...body }: Partial<AgentSettings> & { id: string; status?: Agent['status'] }) =>
      api.patch('/manage/v1/agents/{id}', { params: { path: { id } }, body }),
    onSuccess,
  });
}

export function useRemoveAgent() {
  const onSuccess = useAgentsChanged();
  return useChange({
    mutationFn: (id: string) => api.delete('/manage/v1/agents/{id}', { params: { path: { id } } }),
    onSuccess,
  });
}
