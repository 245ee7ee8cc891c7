import { infiniteQueryOptions, queryOptions, useQueryClient } from '@tanstack/react-query';
import { once } from '../../../sdk/src/index.js';
import { useChange } from './change';
import { api } from './client';
import type { DeliveryStatus, NewWebhook, NewWebhookSettings, WebhookSettings } from './wire';

const WEBHOOKS = ['webhooks'];

const ofWebhook = (id: string) => ({ path: { id } });

export const webhooksQuery = infiniteQueryOptions({
  queryKey: [...WEBHOOKS, 'list'],
  queryFn: ({ pageParam: cursor, signal }) => api.get('/manage/v1/webhooks', { params: { query: { cursor } }, signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ next }) => next ?? undefined,
});

export function webhookQuery(id: string) {
  return queryOptions({
    queryKey: [...WEBHOOKS, 'one', id],
    queryFn: ({ signal }) => api.get('/manage/v1/webhooks/{id}', { params: ofWebhook(id), signal }),
  });
}

/** What endpoints can subscribe to, with the type of test events. */
export const eventTypesQuery = queryOptions({
  queryKey: [...WEBHOOKS, 'event-types'],
  queryFn: async ({ signal }) => (await api.get('/manage/v1/webhooks/event-types', { signal })).items,
  staleTime: Infinity,
});

const SOON_MS = 2_000;
const LATER_MS = 10_000;

/** The newest first. A delivery that is due soon is asked for again soon. */
export function deliveriesQuery(id: string, status: DeliveryStatus | undefined) {
  return infiniteQueryOptions({
    queryKey: [...WEBHOOKS, 'deliveries', id, status],
    queryFn: ({ pageParam: cursor, signal }) =>
      api.get('/manage/v1/webhooks/{id}/deliveries', {
        params: { ...ofWebhook(id), query: { status, cursor } },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: ({ state: { data } }) => {
      const isDue = data?.pages[0]?.items.some(
        ({ next_attempt_at: next }) => next !== null && Date.parse(next) - Date.now() < LATER_MS,
      );
      return isDue ? SOON_MS : LATER_MS;
    },
  });
}

/** Not a mutation of the query cache, which would keep the response. */
export function createWebhook(body: NewWebhookSettings): Promise<NewWebhook> {
  return api.post('/manage/v1/webhooks', { params: once(), body });
}

export function rotateWebhookSecret(id: string, grace_seconds: number): Promise<NewWebhook> {
  return api.post('/manage/v1/webhooks/{id}/rotate-secret', {
    params: { ...ofWebhook(id), ...once() },
    body: { grace_seconds },
  });
}

export function useWebhooksChanged(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await Promise.all([WEBHOOKS, ['audit']].map((queryKey) => client.invalidateQueries({ queryKey })));
  };
}

export function useChangeWebhook(id: string) {
  const onSuccess = useWebhooksChanged();
  return useChange({
    mutationFn: (body: Partial<WebhookSettings>) =>
      api.patch('/manage/v1/webhooks/{id}', { params: ofWebhook(id), body }),
    onSuccess,
  });
}

export function useRemoveWebhook(id: string) {
  const onSuccess = useWebhooksChanged();
  return useChange({ mutationFn: () => api.delete('/manage/v1/webhooks/{id}', { params: ofWebhook(id) }), onSuccess });
}

export function useTestWebhook(id: string) {
  const onSuccess = useWebhooksChanged();
  return useChange({
    mutationFn: () => api.post('/manage/v1/webhooks/{id}/test', { params: { ...ofWebhook(id), ...once() } }),
    onSuccess,
  });
}

export function useReplay(id: string) {
  const onSuccess = useWebhooksChanged();
  return useChange({
    mutationFn: (delivery_id: string) =>
      api.post('/manage/v1/webhooks/{id}/deliveries/{delivery_id}/replay', {
        params: { path: { id, delivery_id }, ...once() },
      }),
    onSuccess,
  });
}

export function useReplayFailed(id: string) {
  const onSuccess = useWebhooksChanged();
  return useChange({
    mutationFn: (since: string) =>
      api.post('/manage/v1/webhooks/{id}/replay', {
        params: { ...ofWebhook(id), ...once() },
        body: { since },
      }),
    onSuccess,
  });
}
