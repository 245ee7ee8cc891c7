import { type Attributes, type HrTime, ValueType } from '@opentelemetry/api';
import { hrTime } from '@opentelemetry/core';
import { emptyResource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type CollectionResult,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';
import type { MetricObjectWithValues, MetricValueWithName, MetricValue } from 'prom-client';
import { SCOPE } from './scope.js';

type PromMetric = MetricObjectWithValues<MetricValue<string>>;
type PromValue = MetricValueWithName<string> | MetricValue<string>;

/** Gives OpenTelemetry the metrics of `/metrics`, under the same names. */
export class MetricBridge implements MetricProducer {
  readonly #startedAt = hrTime();

  constructor(private readonly read: () => Promise<readonly PromMetric[]>) {}

  async collect(): Promise<CollectionResult> {
    const now = hrTime();
    const metrics = (await this.read()).flatMap((metric) => this.#converted(metric, now));
    return { resourceMetrics: { resource: emptyResource(), scopeMetrics: [{ scope: SCOPE, metrics }] }, errors: [] };
  }

  #converted(metric: PromMetric, endTime: HrTime): MetricData[] {
    const { name, help: description } = metric;
    // Metrics without labels have none of prom-client's empty objects.
    const values = metric.values.map((value): PromValue => ({ ...value, labels: value.labels ?? {} }));
    const startTime = this.#startedAt;
    const common = {
      descriptor: { name, description, unit: unitOf(name), valueType: ValueType.DOUBLE },
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
    };
    const points = (): DataPoint<number>[] =>
      values.map(({ labels, value }) => ({ startTime, endTime, attributes: attributesOf(labels), value }));
    switch (String(metric.type)) {
      case 'counter':
        return [{ ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints: points() }];
      case 'gauge':
        return [{ ...common, dataPointType: DataPointType.GAUGE, dataPoints: points() }];
      case 'histogram': {
        const dataPoints = histogramsOf(values).map(({ attributes, value }) => ({
          startTime,
          endTime,
          attributes,
          value,
        }));
        return [{ ...common, dataPointType: DataPointType.HISTOGRAM, dataPoints }];
      }
      default:
        return [];
    }
  }
}

/** Groups the buckets, sums and counts of Prometheus by their labels. Its buckets are cumulative, those of OTLP are not. */
function histogramsOf(values: readonly PromValue[]): { attributes: Attributes; value: Histogram }[] {
  const groups = Map.groupBy(values, ({ labels: { le: _le, ...labels } }: PromValue & { labels: { le?: unknown } }) =>
    JSON.stringify(labels),
  );
  return [...groups].map(([labels, parts]) => {
    const valueOf = (suffix: string) =>
      parts.find((part) => 'metricName' in part && part.metricName?.endsWith(suffix))?.value ?? 0;
    const buckets = parts
      .filter((part) => 'le' in part.labels)
      .map(({ labels: { le }, value }) => ({ le: le === '+Inf' ? Infinity : Number(le), value }))
      .sort((one, other) => one.le - other.le);
    return {
      attributes: attributesOf(JSON.parse(labels) as Attributes),
      value: {
        buckets: {
          boundaries: buckets.map(({ le }) => le).filter(Number.isFinite),
          counts: buckets.map(({ value }, at) => value - (buckets[at - 1]?.value ?? 0)),
        },
        sum: valueOf('_sum'),
        count: valueOf('_count'),
      },
    };
  });
}

function attributesOf(labels: Readonly<Record<string, unknown>>): Attributes {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, value as string | number]));
}

/** Units of UCUM. */
function unitOf(name: string): string {
  if (/_seconds(_total)?$/.test(name)) return 's';
  return name.endsWith('_bytes') ? 'By' : '1';
}
