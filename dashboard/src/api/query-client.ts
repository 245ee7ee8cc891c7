import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { GatehouseError } from '../../../sdk/src/index.js';
import { SESSION } from './session';

/** A 401 of any request shows the page that explains how to sign in. */
function onUnauthorized(error: Error): void {
  if (error instanceof GatehouseError && error.status === 401) queryClient.setQueryData(SESSION, null);
}

/** A 409 reloads the session, which shows that the browser is signed in to another org. */
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
      // The SDK has already retried responses where that helps.
      retry: (failures, error) => failures < 1 && !(error instanceof GatehouseError),
    },
  },
});
