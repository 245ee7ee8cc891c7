import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RequestRecorder } from '../../access/ports/request-recorder.js';
import { templateOf } from '../../access/routes/declared-routes.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The template under which requests are recorded, such as `/contacts/{id}`. */
    recordedRoute?: string;
  }
}

/** Records the requests to this server's own routes, and to none of them. */
@Injectable()
export class OwnRequests {
  constructor(private readonly recorder: RequestRecorder) {}

  /** Must run before the first route is registered. */
  watch(fastify: FastifyInstance): void {
    if (!this.recorder.isOn) return;
    fastify.addHook('onRoute', (route) => {
      route.config = { ...route.config, recordedRoute: templateOf(route.url) };
    });
    fastify.addHook('onSend', (request: FastifyRequest, reply: FastifyReply, _payload, done) => {
      this.#record(request, reply);
      done();
    });
  }

  #record(request: FastifyRequest, reply: FastifyReply): void {
    const { recordedRoute = null, recordsItself } = request.routeOptions.config;
    if (recordsItself === 'all' || (recordsItself === 'answers' && request.answeredError === null)) return;
    this.recorder.record({
      request,
      requestId: request.id,
      route: recordedRoute,
      service: null,
      status: reply.statusCode,
      principal: request.principal,
      error: request.answeredError ?? undefined,
      arrivedAtMs: request.arrivedAtMs,
    });
  }
}
