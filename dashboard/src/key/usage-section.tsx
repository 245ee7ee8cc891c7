import { SegmentedControl, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { usageQuery } from '../api/keys';
import type { ApiKey } from '../api/wire';
import { Section } from '../key-form/section';
import { Problem } from '../shell/problem';
import { count } from '../text/numbers';
import { bucketsOf, type UsageRange } from './usage-buckets';

// The chart library is as large as the rest of the page.
const UsageChart = lazy(() => import('./usage-chart'));

const RANGES = [
  { value: '24h', label: '24 hours' },
  { value: '7d', label: '7 days' },
  { value: '30d', label: '30 days' },
] as const;
const TOTALS = { '24h': 'last_24_hours', '7d': 'last_7_days', '30d': 'last_30_days' } as const;
const WORDS = { '24h': 'the last 24 hours', '7d': 'the last 7 days', '30d': 'the last 30 days' } as const;
const CHART_HEIGHT = 260;

export function UsageSection({ shown }: { readonly shown: ApiKey }) {
  const [range, setRange] = useState<UsageRange>('24h');
  const { data, error, refetch } = useQuery(usageQuery(shown.id));
  const buckets = bucketsOf(data?.series ?? [], range);
  const refused = buckets.reduce((sum, bucket) => sum + bucket.refused, 0);
  return (
    <Section
      title="Usage"
      control={
        <SegmentedControl
          size="xs"
          data={[...RANGES]}
          value={range}
          onChange={(value) => setRange(value as UsageRange)}
          aria-label="Period"
        />
      }
    >
      <Text className="number" aria-live="polite" data-testid="usage-total">
        <Text span fz={28} fw={650} lh={1}>
          {data ? count(data[TOTALS[range]]) : '…'}
        </Text>{' '}
        <Text span c="dimmed" size="sm">
          {data?.[TOTALS[range]] === 1 ? 'request' : 'requests'} in {WORDS[range]}
          {refused > 0 && `, ${count(refused)} denied`}
        </Text>
      </Text>
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {data ? (
        <Suspense fallback={<Skeleton h={CHART_HEIGHT} />}>
          <UsageChart buckets={buckets} range={range} height={CHART_HEIGHT} />
        </Suspense>
      ) : (
        !error && <Skeleton h={CHART_HEIGHT} />
      )}
    </Section>
  );
}
