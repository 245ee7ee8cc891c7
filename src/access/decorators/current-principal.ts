import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../principal/principal.js';
import { principalOf } from '../principal/request.js';

/** Injects the principal of the request. */
export const CurrentPrincipal = createParamDecorator((_data: unknown, context: ExecutionContext): Principal =>
  principalOf(context.getArgByIndex<FastifyRequest>(0)),
);
