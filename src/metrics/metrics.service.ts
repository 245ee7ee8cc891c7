import { Injectable, type Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { declaredRoutes } from '../access/declared-routes.js';
import { HttpMeter, type RouteMeter } from './http-meter.js';
import { httpMetrics } from './http-metrics.js';
import { register } from './read-metric.js';
import { ServerMetrics } from './server-metrics.js';

/**
 * Of the process: processor, memory, the event loop's lag, garbage collection. Watched from when somebody asks first,
 * and once, however many servers a process has.
 */
let ofProcess: Registry | undefined;
function processMetrics(): Registry {
  if (ofProcess === undefined) collectDefaultMetrics({ register: (ofProcess = new Registry()) });
  return ofProcess;
}

/** What `/metrics` answers, in Prometheus's text format. */
@Injectable()
export class Metrics {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  readonly #own = new Registry();
  #audiences: ReadonlyMap<string, string> | undefined;

  constructor(
    meter: HttpMeter,
    server: ServerMetrics,
    private readonly discovery: DiscoveryService,
  ) {
    const definitions = [...httpMetrics(meter, (route) => this.#audienceOf(route)), ...server.definitions()];
    for (const definition of definitions) register(this.#own, definition);
  }

  async text(): Promise<string> {
    return (await this.#own.metrics()) + (await processMetrics().metrics());
  }

  /** Made for the first who asks: all controllers are known by then. */
  #audienceOf({ method, route }: RouteMeter): string | undefined {
    if (this.#audiences === undefined) {
      const controllers = this.discovery.getControllers().map(({ metatype }) => metatype as Type);
      this.#audiences = new Map(
        declaredRoutes(controllers).map((each) => [`${each.method} ${each.path}`, each.policy!.audience]),
      );
    }
    return this.#audiences.get(`${method === 'HEAD' ? 'GET' : method} ${route}`);
  }
}
