import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { LimitsBody } from './body-limit.js';

type Handler = object;

const takers = new WeakMap<Handler, { readonly bytesMax: number }>();

/** A route that takes any JSON up to a size limit. It has no DTO; `@AnyJson()` injects the value. */
export function TakesAnyJson(bytesMax: number): MethodDecorator {
  return (target, name, descriptor) => {
    LimitsBody(bytesMax)(target, name, descriptor);
    takers.set(descriptor.value as Handler, { bytesMax });
  };
}

/** Undefined for routes with a DTO or without a body. */
export function anyJsonOf(handler: Handler): { readonly bytesMax: number } | undefined {
  return takers.get(handler);
}

/** Injects the body of any type; an absent body is an empty object. */
export const AnyJson = createParamDecorator(
  (_data: unknown, context: ExecutionContext): unknown => context.getArgByIndex<FastifyRequest>(0).body ?? {},
);
