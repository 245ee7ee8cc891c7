import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span } from '@opentelemetry/api';

export type CurrentSpan = AsyncLocalStorage<Span>;

/** The span of the request that is being served. Without OpenTelemetry, no code reads it. */
export const currentSpan: CurrentSpan = new AsyncLocalStorage<Span>();
