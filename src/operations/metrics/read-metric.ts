import type { Metric, Registry } from 'prom-client';

/** One number, and what it is of. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string | number>>;
  readonly value: number;
  /** A histogram's parts: its name with `_bucket`, `_sum` or `_count` behind it. */
  readonly metricName?: string;
}

export interface MetricDefinition {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** Called when somebody asks; nothing is written on the way of a request. */
  read(): Sample[] | Promise<Sample[]>;
}

/** A metric whose numbers are kept elsewhere. */
export function register(registry: Registry, { read, ...definition }: MetricDefinition): void {
  const metric = { ...definition, get: async () => ({ ...definition, values: await read() }) };
  // All that the registry asks of a metric is its name and this answer; its type lists its own four classes.
  registry.registerMetric(metric as unknown as Metric);
}
