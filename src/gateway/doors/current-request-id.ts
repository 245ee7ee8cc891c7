import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Injects the id of the request, as in `X-Request-Id`. */
export const CurrentRequestId = createParamDecorator(
  (_data: unknown, context: ExecutionContext): string => context.getArgByIndex<FastifyRequest>(0).id,
);
