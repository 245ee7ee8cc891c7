import { Injectable, type Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { MetricObjectWithValues, MetricValue, Registry } from 'prom-client';
import { declaredRoutes } from '../../access/routes/declared-routes.js';
import { HttpMeter, type RouteMeter } from './http-meter.js';
import { httpMetrics } from './http-metrics.js';
import { register } from './read-metric.js';
import { ServerMetrics } from './server-metrics.js';

/** Loaded on the first scrape, to keep the start fast. */
const promClient = () => import('prom-client');

/** CPU, memory, event loop lag and garbage collection. Shared by all servers of a process. */
let ofProcess: Promise<Registry> | undefined;
async function watchProcess(): Promise<Registry> {
  const { collectDefaultMetrics, Registry } = await promClient();
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** The body of `/metrics`, in Prometheus's text format. */
@Injectable()
export class Metrics {
  #own: Promise<Registry> | undefined;
  #audiences: ReadonlyMap<string, string> | undefined;

  constructor(
    private readonly meter: HttpMeter,
    private readonly server: ServerMetrics,
    private readonly discovery: DiscoveryService,
  ) {}

  async page(): Promise<{ contentType: string; text: string }> {
    const [own, process] = await this.#registries();
    return { contentType: own.contentType, text: (await own.metrics()) + (await process.metrics()) };
  }

  /** The same metrics, for OpenTelemetry. */
  async values(): Promise<MetricObjectWithValues<MetricValue<string>>[]> {
    const registries = await this.#registries();
    return (await Promise.all(registries.map((registry) => registry.getMetricsAsJSON()))).flat();
  }

  #registries(): Promise<readonly [Registry, Registry]> {
    return Promise.all([(this.#own ??= this.#define()), (ofProcess ??= watchProcess())]);
  }

  async #define(): Promise<Registry> {
    const registry = new (await promClient()).Registry();
    const ofRequests = httpMetrics(this.meter, (route) => this.#audienceOf(route));
    for (const definition of [...ofRequests, ...this.server.definitions()]) register(registry, definition);
    return registry;
  }

  /** Computed on the first scrape, when all controllers are known. */
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
