import type { Metric, Registry } from 'prom-client';

/** One value with its labels. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string | number>>;
  readonly value: number;
  /** For the parts of a histogram: its name with `_bucket`, `_sum` or `_count`. */
  readonly metricName?: string;
}

export interface MetricDefinition {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** Called by each scrape; requests don't write metrics. */
  read(): Sample[] | Promise<Sample[]>;
}

/** A metric that reads its values from elsewhere. */
export function register(registry: Registry, { read, ...definition }: MetricDefinition): void {
  const metric = { ...definition, get: async () => ({ ...definition, values: await read() }) };
  // The registry needs only the name and `get`, but its type allows only its own four classes.
  registry.registerMetric(metric as unknown as Metric);
}
