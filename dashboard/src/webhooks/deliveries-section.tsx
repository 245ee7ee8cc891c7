import { SegmentedControl, Skeleton, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { deliveriesQuery } from '../api/webhooks';
import type { DeliveryStatus, Webhook } from '../api/wire';
import { Section } from '../key-form/section';
import { MoreButton } from '../shell/more-button';
import { Problem } from '../shell/problem';
import { DeliveryRow } from './delivery-row';
import classes from './deliveries-section.module.css';
import { ReplayFailed } from './replay-failed';

const STATUSES = [
  { value: 'all', label: 'All' },
  { value: 'failed', label: 'Failed' },
  { value: 'pending', label: 'Pending' },
  { value: 'delivered', label: 'Delivered' },
] as const;
type Shown = (typeof STATUSES)[number]['value'];

/** The log of deliveries, newest first, each with its attempts. */
export function DeliveriesSection({ webhook }: { readonly webhook: Webhook }) {
  const [status, setStatus] = useState<Shown>('all');
  const wanted: DeliveryStatus | undefined = status === 'all' ? undefined : status;
  const { data, error, refetch, ...pages } = useInfiniteQuery(deliveriesQuery(webhook.id, wanted));
  const deliveries = data?.pages.flatMap(({ items }) => items);
  return (
    <Section
      title="Deliveries"
      hint="An event is sent again for three days, with growing pauses, until the endpoint answers with a status of 200 to 299."
      control={
        <SegmentedControl
          size="xs"
          aria-label="Status"
          data={[...STATUSES]}
          value={status}
          onChange={(chosen) => setStatus(chosen as Shown)}
        />
      }
    >
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!deliveries && !error && <Skeleton h={160} aria-label="Loading the deliveries" />}
      {deliveries?.length === 0 && (
        <Text size="sm" c="dimmed">
          {status === 'all' ? 'No deliveries yet. Send a test event to try the endpoint.' : `No ${status} deliveries.`}
        </Text>
      )}
      {deliveries && deliveries.length > 0 && (
        <ul className={classes['deliveries']} aria-label="Deliveries">
          {deliveries.map((delivery) => (
            <DeliveryRow key={delivery.id} webhook={webhook} shown={delivery} />
          ))}
        </ul>
      )}
      <MoreButton {...pages} />
      {webhook.is_enabled && <ReplayFailed id={webhook.id} />}
    </Section>
  );
}
