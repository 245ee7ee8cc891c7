import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Durations } from './durations.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Monotonic milliseconds. */
    arrivedAtMs: number;
  }
  interface FastifyContextConfig {
    meter?: RouteMeter;
  }
}

/** What became of the requests to one route. */
export class RouteMeter {
  readonly statuses = new Map<number, number>();
  readonly durations = new Durations();

  constructor(
    readonly method: string,
    /** `/contacts/:id`, never what was asked for. */
    readonly route: string,
  ) {}

  count(status: number, seconds: number): void {
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    this.durations.add(seconds);
  }
}

/** Counts answers, by route. The router knows the route already, so that no request looks for its counters. */
@Injectable()
export class HttpMeter {
  readonly #routes: RouteMeter[] = [];
  /** What no route is there for, whatever its method: those can be made up. */
  readonly #unmatched = new RouteMeter('any', 'unmatched');

  /** Before any route is made. */
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

  /** Those that were asked for. */
  get used(): RouteMeter[] {
    return [...this.#routes, this.#unmatched].filter(({ statuses }) => statuses.size > 0);
  }
}
