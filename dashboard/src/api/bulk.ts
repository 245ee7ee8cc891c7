import { queryOptions } from '@tanstack/react-query';
import { useState } from 'react';
import { useChange } from './change';
import { api } from './client';
import { type KeyAction, useKeysChanged } from './keys';

export type BulkAction = KeyAction | 'set_expiry';

export interface BulkChange {
  readonly action: BulkAction;
  readonly ids: readonly string[];
  /** With `set_expiry`: null for none. */
  readonly expires_at?: string | null;
}

interface Outcome {
  /** The keys that still exist and are not revoked. */
  readonly matched: number;
  /** Those that were changed, or would be. */
  readonly changed: number;
}

/** The server takes so many ids in a request. */
const IDS_MAX = 1_000;

interface Options {
  readonly dry_run: boolean;
  readonly signal?: AbortSignal;
  /** Called after each request with the number of keys that were sent. */
  readonly onSent?: (keys: number) => void;
}

async function send({ ids, ...change }: BulkChange, { dry_run, signal, onSent }: Options): Promise<Outcome> {
  let sum: Outcome = { matched: 0, changed: 0 };
  for (let start = 0; start < ids.length; start += IDS_MAX) {
    const filter = { ids: ids.slice(start, start + IDS_MAX) };
    const body = { ...change, filter, dry_run };
    const { matched, changed } = await api.post('/manage/v1/api-keys/bulk', {
      body,
      ...(signal && { signal }),
    });
    sum = { matched: sum.matched + matched, changed: sum.changed + changed };
    onSent?.(Math.min(start + IDS_MAX, ids.length));
  }
  return sum;
}

/** What the change would do now. */
export function bulkPreviewQuery(change: BulkChange) {
  return queryOptions({
    // Not among the queries of keys: the change itself would ask for it again.
    queryKey: ['bulk', change],
    queryFn: ({ signal }) => send(change, { dry_run: true, signal }),
    retry: false,
    staleTime: 0,
    gcTime: 0,
  });
}

/** Changes many keys: a request for each thousand. */
export function useBulkChange() {
  const keysChanged = useKeysChanged();
  const [sent, setSent] = useState(0);
  const change = useChange({
    mutationFn: (wanted: BulkChange) => {
      setSent(0);
      return send(wanted, { dry_run: false, onSent: setSent });
    },
    // Also after a fault, because some may be changed.
    onSettled: keysChanged,
  });
  return { ...change, sent };
}

export function revokeAllQuery() {
  return queryOptions({
    queryKey: ['bulk', 'revoke-all'],
    queryFn: ({ signal }) => api.post('/manage/v1/api-keys/revoke-all', { body: { dry_run: true }, signal }),
    retry: false,
    staleTime: 0,
  });
}

export function useRevokeAll() {
  const onSuccess = useKeysChanged();
  return useChange({
    mutationFn: () => api.post('/manage/v1/api-keys/revoke-all', { body: { dry_run: false } }),
    onSuccess,
  });
}
