import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { rowId } from '../../core/wire/row-id.js';

/**
 * Injects an id from the path, `:id` by default. A malformed UUID becomes an id without a row, so that the service
 * answers its own 404 after validation of the body.
 */
export const Id = createParamDecorator((name: string | undefined, context: ExecutionContext): string => {
  const { params } = context.getArgByIndex<FastifyRequest>(0);
  return rowId((params as Record<string, string>)[name ?? 'id']!);
});
