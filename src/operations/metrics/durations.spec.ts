import { expect, it } from 'vitest';
import { Durations, DURATION_BOUNDS } from './durations.js';
import { histogramSamples } from './http-metrics.js';

it('a duration counts in the first bucket whose bound it does not pass, and in all above it', () => {
  const durations = new Durations();
  for (const seconds of [0, 0.0005, 0.00051, 5, 5.1]) durations.add(seconds);
  const samples = histogramSamples('x', { route: '/' }, durations);
  const bucket = (le: number | '+Inf') => samples.find(({ labels }) => labels?.['le'] === le)?.value;
  expect([bucket(0.0005), bucket(0.001), bucket(2.5), bucket(5), bucket('+Inf')]).toEqual([2, 3, 3, 4, 5]);
  expect(samples.filter(({ metricName }) => metricName === 'x_bucket')).toHaveLength(DURATION_BOUNDS.length + 1);
  expect(samples.slice(-2).map(({ metricName, value }) => [metricName, value])).toEqual([
    ['x_sum', expect.closeTo(10.10101)],
    ['x_count', 5],
  ]);
});
