import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { GatehouseError } from '../../../sdk/src/index.js';
import { SESSION } from './session';

/** A session that has ended is noticed by whichever request comes next; the page then says how to sign in. */
function onError(error: Error): void {
  if (error instanceof GatehouseError && error.status === 401) queryClient.setQueryData(SESSION, null);
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) => failures < 2 && !(error instanceof GatehouseError && error.status < 500),
    },
  },
});
