import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { createContext, use } from 'react';
import { GatehouseError } from '../../../sdk/src/index.js';
import { api, setPageOrg } from './client';
import type { SessionView } from './wire';

export const SESSION = ['session'];

/** Null if no user is signed in. */
export const sessionQuery = queryOptions({
  queryKey: SESSION,
  queryFn: async ({ signal }): Promise<SessionView | null> => {
    try {
      const session = await api.get('/session', { signal });
      setPageOrg(session.org.id);
      return session;
    } catch (error) {
      if (error instanceof GatehouseError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

export const SessionContext = createContext<SessionView | null>(null);

/** The session of the signed-in user. @throws Error outside of the frame */
export function useSession(): SessionView {
  const session = use(SessionContext);
  if (session === null) throw new Error('Not signed in');
  return session;
}

/** Whether the user is an Owner or Admin, who can make changes. */
export function useMayChange(): boolean {
  return useSession().role.name !== 'Member';
}

export function useSignOut(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await api.delete('/session');
    client.setQueryData(SESSION, null);
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION[0] });
  };
}
