import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Durations } from './durations.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    meter?: RouteMeter;
  }
}

/** The answers of one route, by status and duration. */
export class RouteMeter {
  readonly statuses = new Map<number, number>();
  readonly durations = new Durations();

  constructor(
    readonly method: string,
    /** The pattern, such as `/contacts/:id`, never the requested path. */
    readonly route: string,
  ) {}

  count(status: number, seconds: number): void {
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    this.durations.add(seconds);
  }
}

/** Counts answers by route. The counters are in the config of the route, so that a request needs no lookup. */
@Injectable()
export class HttpMeter {
  readonly #routes: RouteMeter[] = [];
  /** Requests without a route. Clients can invent methods and paths, so they share one counter. */
  readonly #unmatched = new RouteMeter('any', 'unmatched');

  /** Must run before the first route is registered. */
  watch(fastify: FastifyInstance): void {
    fastify.decorateRequest('arrivedAtMs', 0);
    fastify.addHook('onRoute', (route) => {
      const meter = new RouteMeter(String(route.method), route.url);
      this.#routes.push(meter);
      route.config = { ...route.config, meter };
    });
    fastify.addHook('onRequest', (request: FastifyRequest, _reply: FastifyReply, done) => {
      request.arrivedAtMs = performance.now();
      done();
    });
    fastify.addHook('onSend', (request: FastifyRequest, reply: FastifyReply, _payload, done) => {
      const meter = request.routeOptions.config.meter ?? this.#unmatched;
      meter.count(reply.statusCode, (performance.now() - request.arrivedAtMs) / 1000);
      done();
    });
  }

  /** The routes with at least one answer. */
  get used(): RouteMeter[] {
    return [...this.#routes, this.#unmatched].filter(({ statuses }) => statuses.size > 0);
  }
}
