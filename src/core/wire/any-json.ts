import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { LimitsBody } from './body-limit.js';

type Handler = object;

const takers = new WeakMap<Handler, { readonly bytesMax: number }>();

/** A route that takes whatever JSON it is sent, up to a size of its own: no DTO, and `@AnyJson()` to get at it. */
export function TakesAnyJson(bytesMax: number): MethodDecorator {
  return (target, name, descriptor) => {
    LimitsBody(bytesMax)(target, name, descriptor);
    takers.set(descriptor.value as Handler, { bytesMax });
  };
}

/** Undefined: the route takes what its DTO says, or nothing. */
export function anyJsonOf(handler: Handler): { readonly bytesMax: number } | undefined {
  return takers.get(handler);
}

/** Injects the body, whatever it is; without one it is an empty object. */
export const AnyJson = createParamDecorator(
  (_data: unknown, context: ExecutionContext): unknown => context.getArgByIndex<FastifyRequest>(0).body ?? {},
);
