import { diag, DiagLogLevel } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { FastifyInstance } from 'fastify';
import type { DestinationStream } from 'pino';
import type { TelemetryConfig } from '../../core/config/telemetry-settings.js';
import type { Database } from '../../core/database/database.js';
import type { provideTraceHeaders } from '../../core/http/trace-headers.js';
import type { Metrics } from '../metrics/metrics.service.js';
import type { CurrentSpan } from './current-span.js';
import { LogBridge } from './log-bridge.js';
import { MetricBridge } from './metric-bridge.js';
import { RequestSpans } from './request-spans.js';
import { SCOPE } from './scope.js';
import { SqlSpans } from './sql-spans.js';

/** Spans and log records beyond these are dropped, so that a collector that is down costs no memory. */
const QUEUE = { maxQueueSize: 2_048, maxExportBatchSize: 512, scheduledDelayMillis: 1_000, exportTimeoutMillis: 5_000 };
const METRICS_EVERY_MS = 60_000;
/** Leaves most of the time of a shutdown to requests. */
const FLUSH_WITHIN_MS = 2_000;
const COMPLAIN_EVERY_MS = 60_000;

/** What the rest of the server reads. This module is outside of its bundle, and would have copies of its own. */
export interface SharedState {
  readonly currentSpan: CurrentSpan;
  readonly provideTraceHeaders: typeof provideTraceHeaders;
}

/** Traces, metrics and logs over OTLP. The exporters read their own `OTEL_EXPORTER_OTLP_*` variables. */
export class Telemetry {
  readonly log: DestinationStream;
  readonly #tracers: TracerProvider;
  readonly #loggers: LoggerProvider;
  readonly #spans: RequestSpans;
  #meters: MeterProvider | undefined;
  readonly #resource;

  constructor(
    { serviceName, sampler }: TelemetryConfig,
    private readonly shared: SharedState,
    complain: (line: string) => void,
  ) {
    const { currentSpan } = shared;
    reportFaults(complain);
    this.#resource = defaultResource()
      .merge(resourceFromAttributes({ 'service.version': SCOPE.version }))
      .merge(detectResources({ detectors: [envDetector] }))
      .merge(resourceFromAttributes({ 'service.name': serviceName }));
    const processor = new BatchSpanProcessor({ exporter: new OTLPTraceExporter(), ...QUEUE });
    this.#tracers = new TracerProvider({
      resource: this.#resource,
      sampler: samplerOf(sampler),
      spanProcessors: [processor],
    });
    const logs = new BatchLogRecordProcessor({ exporter: new OTLPLogExporter(), ...QUEUE });
    this.#loggers = new LoggerProvider({ resource: this.#resource, processors: [logs] });
    this.log = new LogBridge(this.#loggers.getLogger(SCOPE.name, SCOPE.version), currentSpan);
    const tracer = this.#tracers.getTracer(SCOPE.name, SCOPE.version);
    this.#spans = new RequestSpans(tracer, new W3CTraceContextPropagator(), currentSpan);
    shared.provideTraceHeaders(() => {
      const span = currentSpan.getStore();
      return span === undefined ? {} : this.#spans.headersOf(span);
    });
  }

  /** Must run before the first route and the first hook. */
  watchRequests(fastify: FastifyInstance): void {
    this.#spans.watch(fastify);
  }

  watchDatabase(database: Database): void {
    const spans = new SqlSpans(this.#tracers.getTracer(SCOPE.name, SCOPE.version), this.shared.currentSpan);
    spans.watchClients();
    spans.watchReads(database);
  }

  watchMetrics(metrics: Pick<Metrics, 'values'>): void {
    const reader = new PeriodicExportingMetricReader({
      exporter: new OTLPMetricExporter(),
      exportIntervalMillis: METRICS_EVERY_MS,
      exportTimeoutMillis: QUEUE.exportTimeoutMillis,
      metricProducers: [new MetricBridge(() => metrics.values())],
    });
    this.#meters = new MeterProvider({ resource: this.#resource, readers: [reader] });
  }

  /** Sends what waits, for a while. */
  async stop(): Promise<void> {
    const ended = Promise.allSettled([this.#tracers.shutdown(), this.#loggers.shutdown(), this.#meters?.shutdown()]);
    const late = new Promise((resolve) => setTimeout(resolve, FLUSH_WITHIN_MS).unref());
    await Promise.race([ended, late]);
  }
}

function samplerOf({ name, ratio }: TelemetryConfig['sampler']): Sampler {
  const roots: Readonly<Record<string, () => Sampler>> = {
    always_on: () => new AlwaysOnSampler(),
    always_off: () => new AlwaysOffSampler(),
    traceidratio: () => new TraceIdRatioBasedSampler(ratio),
  };
  const root = roots[name.replace('parentbased_', '')]!();
  return name.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root;
}

/** Reports a collector that is down, not at each attempt. */
function reportFaults(complain: (line: string) => void): void {
  let quietUntil = 0;
  const report = (message: string) => {
    if (performance.now() < quietUntil) return;
    quietUntil = performance.now() + COMPLAIN_EVERY_MS;
    complain(message);
  };
  const ignore = () => undefined;
  diag.setLogger({ error: report, warn: ignore, info: ignore, debug: ignore, verbose: ignore }, DiagLogLevel.ERROR);
}
