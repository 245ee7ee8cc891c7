import { queryOptions } from '@tanstack/react-query';
import { api } from './client';

/** The declared services, each with the keys of the org that reach it. Changes of keys make it stale. */
export const servicesQuery = queryOptions({
  queryKey: ['keys', 'services'],
  queryFn: async ({ signal }) => (await api.get('/manage/v1/services', { signal })).items,
});
