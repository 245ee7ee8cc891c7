import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Client } from '../network/client-ip.js';

/** Injects where the request comes from. */
export const CurrentClient = createParamDecorator(
  (_data: unknown, context: ExecutionContext): Client => context.getArgByIndex<FastifyRequest>(0).client,
);
