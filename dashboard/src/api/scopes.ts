import { queryOptions } from '@tanstack/react-query';
import { api } from './client';

/** What keys can be granted: it changes with the server's version only. */
export const scopesQuery = queryOptions({
  queryKey: ['scopes'],
  queryFn: async ({ signal }) => (await api.get('/manage/v1/scopes', { signal })).items,
  staleTime: Infinity,
});
