import { context, type Span, SpanKind, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import type { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../../access/principal/principal.js';
import type { CurrentSpan } from './current-span.js';

declare module 'fastify' {
  interface FastifyRequest {
    span?: Span;
  }
}

const SERVER_ERROR = 500;
const INCOMING = {
  get: (request: FastifyRequest, name: string) => request.headers[name],
  keys: (request: FastifyRequest) => Object.keys(request.headers),
};

/**
 * Makes a span of each request, which continues the caller's trace. Its name and attributes have the template of the route, never
 * the path, the query or a header: these can hold credentials.
 */
export class RequestSpans {
  constructor(
    private readonly tracer: Tracer,
    private readonly propagator: W3CTraceContextPropagator,
    private readonly current: CurrentSpan,
  ) {}

  /** Must run before all other hooks. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done) => {
      const span = this.#start(request);
      request.span = span;
      // The proxy passes it on to the service behind it.
      if (request.routeOptions.config.isForwardAuth === true) reply.headers(this.headersOf(span));
      this.current.run(span, done);
    });
    fastify.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done) => {
      end(request, reply.statusCode);
      done();
    });
    fastify.addHook('onRequestAbort', (request: FastifyRequest, done) => {
      request.span?.setAttribute('error.type', 'aborted');
      done();
    });
  }

  /** The headers that continue the trace of a span. */
  headersOf(span: Span): Record<string, string> {
    const headers: Record<string, string> = {};
    this.propagator.inject(trace.setSpan(context.active(), span), headers, {
      set: (carrier, name, value) => void (carrier[name] = value),
    });
    return headers;
  }

  #start(request: FastifyRequest): Span {
    const route = request.routeOptions.url;
    const attributes = {
      'http.request.method': request.method,
      'url.scheme': 'http',
      ...(route && { 'http.route': route }),
    };
    const parent = this.propagator.extract(context.active(), request, INCOMING);
    return this.tracer.startSpan(
      `${request.method} ${route ?? ''}`.trim(),
      { kind: SpanKind.SERVER, attributes },
      parent,
    );
  }
}

function end({ span, principal, id }: FastifyRequest, status: number): void {
  if (span === undefined) return;
  span.setAttributes({ 'http.response.status_code': status, 'gatehouse.request.id': id });
  if (principal !== null && principal !== undefined) span.setAttributes(attributesOf(principal));
  if (status >= SERVER_ERROR) {
    span.setAttribute('error.type', String(status));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

function attributesOf(principal: Principal): Record<string, string> {
  const { audience, id, orgId } = principal as Principal & { readonly orgId?: string | null };
  return {
    'gatehouse.principal.kind': audience,
    'gatehouse.principal.id': id,
    ...(typeof orgId === 'string' && { 'gatehouse.org.id': orgId }),
  };
}
