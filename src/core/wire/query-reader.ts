import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Class } from './schema.js';

/** Reads the whole query string of a route. */
export abstract class QueryReader<Result = unknown> {
  /** Its properties are the query parameters, as the API's document lists them. */
  abstract readonly dto: Class;

  /** @throws AppError invalid_request (400) naming each parameter that is wrong or unknown */
  abstract read(request: FastifyRequest): Result;
}

type Handler = object;

const readers = new WeakMap<Handler, QueryReader>();

/** Documents the query of a handler that reads it without `@ReadQuery`. */
export function ReadsQuery(reader: QueryReader): MethodDecorator {
  return (_target, _name, descriptor) => {
    readers.set(descriptor.value as Handler, reader);
  };
}

export function queryReaderOfHandler(handler: Handler): QueryReader | undefined {
  return readers.get(handler);
}

/** Injects what a reader makes of the query string. @example @ReadQuery(QUERIES) page: PageRequest */
export const ReadQuery = createParamDecorator((reader: QueryReader, context: ExecutionContext): unknown =>
  reader.read(context.getArgByIndex<FastifyRequest>(0)),
);
