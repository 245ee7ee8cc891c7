import { queryOptions } from '@tanstack/react-query';
import { api } from './client';

/** The scopes that keys can have. The scopes of services change while the page is open. */
export const scopesQuery = queryOptions({
  queryKey: ['scopes'],
  queryFn: ({ signal }) => api.get('/manage/v1/scopes', { signal }),
  staleTime: 60_000,
});
