import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { useChange } from './change';
import { api } from './client';
import type { Org } from './wire';

export type OrgSettings = Pick<
  Org,
  | 'name'
  | 'website'
  | 'language'
  | 'ai_instructions'
  | 'weekly_key_report'
  | 'expiry_notices'
  | 'idle_notices'
  | 'on_exposed'
>;

export const orgQuery = queryOptions({
  queryKey: ['org'],
  queryFn: ({ signal }) => api.get('/manage/v1/org', { signal }),
});

export function useChangeOrg() {
  const client = useQueryClient();
  return useChange({
    mutationFn: (body: OrgSettings) => api.patch('/manage/v1/org', { body }),
    onSuccess: () =>
      Promise.all(['org', 'session', 'audit'].map((name) => client.invalidateQueries({ queryKey: [name] }))),
  });
}
