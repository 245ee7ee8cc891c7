import { DURATION_BOUNDS, type Durations } from './durations.js';
import type { HttpMeter, RouteMeter } from './http-meter.js';
import type { MetricDefinition, Sample } from './read-metric.js';

const DURATION = 'gatehouse_http_request_duration_seconds';

/** @param audienceOf the audience of a route; undefined for unknown routes */
export function httpMetrics(
  meter: HttpMeter,
  audienceOf: (route: RouteMeter) => string | undefined,
): MetricDefinition[] {
  return [
    {
      name: 'gatehouse_http_requests_total',
      help: 'Answers by route, audience and status.',
      type: 'counter',
      read: () =>
        meter.used.flatMap((used) =>
          [...used.statuses].map(([status, value]) => {
            const { method, route } = used;
            return { labels: { method, route, audience: audienceOf(used) ?? 'none', status }, value };
          }),
        ),
    },
    {
      name: DURATION,
      help: 'From the head of a request to the sending of its answer, by route.',
      type: 'histogram',
      read: () =>
        meter.used.flatMap(({ method, route, durations }) => histogramSamples(DURATION, { method, route }, durations)),
    },
  ];
}

/** Converts to Prometheus's format, in which buckets are cumulative. */
export function histogramSamples(name: string, labels: Sample['labels'], { counts, sumSeconds }: Durations): Sample[] {
  let total = 0;
  const buckets = counts.map((count, index) => {
    total += count;
    return { labels: { ...labels, le: DURATION_BOUNDS[index] ?? '+Inf' }, value: total, metricName: `${name}_bucket` };
  });
  return [
    ...buckets,
    { labels, value: sumSeconds, metricName: `${name}_sum` },
    { labels, value: total, metricName: `${name}_count` },
  ];
}
