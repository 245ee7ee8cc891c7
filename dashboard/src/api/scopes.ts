import { queryOptions } from '@tanstack/react-query';
import { api } from './client';

/** The scopes that keys can have. They change only when the server starts. */
export const scopesQuery = queryOptions({
  queryKey: ['scopes'],
  queryFn: async ({ signal }) => (await api.get('/manage/v1/scopes', { signal })).items,
  staleTime: Infinity,
});
