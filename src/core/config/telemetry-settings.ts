import type { SettingReader } from './setting-reader.js';

const SAMPLERS = [
  ...(['always_on', 'always_off', 'traceidratio'] as const),
  ...(['parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'] as const),
] as const;

export interface TelemetryConfig {
  readonly serviceName: string;
  readonly sampler: { readonly name: (typeof SAMPLERS)[number]; readonly ratio: number };
}

/** Reads `OTEL_*`. Undefined: no telemetry. */
export function telemetryOf(read: SettingReader): TelemetryConfig | undefined {
  const endpoint = read.optionalUrl('OTEL_EXPORTER_OTLP_ENDPOINT', ['http', 'https']);
  const isDisabled = read.boolean('OTEL_SDK_DISABLED', false);
  const serviceName = read.text('OTEL_SERVICE_NAME', 'gatehouse');
  const name = read.oneOf('OTEL_TRACES_SAMPLER', 'parentbased_always_on', SAMPLERS);
  const ratio = Number(read.matching('OTEL_TRACES_SAMPLER_ARG', '1', /^(0|1|0?\.\d{1,9}|1\.0+)$/));
  if (endpoint === undefined || isDisabled) return undefined;
  return { serviceName, sampler: { name, ratio } };
}
