import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { GatehouseError } from '../../../sdk/src/index.js';
import { SESSION } from './session';

/** A session that has ended is noticed by whichever request comes next; the page then says how to sign in. */
function onUnauthorized(error: Error): void {
  if (error instanceof GatehouseError && error.status === 401) queryClient.setQueryData(SESSION, null);
}

/** The browser is signed in to another org than the page shows: the session's own query then says so. */
function onOtherOrg(error: Error): void {
  if (error instanceof GatehouseError && error.code === 'other_org')
    void queryClient.invalidateQueries({ queryKey: SESSION });
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, { queryKey }) => {
      onUnauthorized(error);
      if (queryKey[0] !== SESSION[0]) onOtherOrg(error);
    },
  }),
  mutationCache: new MutationCache({
    onError: (error) => {
      onUnauthorized(error);
      onOtherOrg(error);
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // What the server answered, the client has tried again where that is of use.
      retry: (failures, error) => failures < 1 && !(error instanceof GatehouseError),
    },
  },
});
