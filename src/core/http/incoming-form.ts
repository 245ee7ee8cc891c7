import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { takesForm } from '../wire/form.js';
import { ArrivingBody } from './arriving-body.js';

/** A request whose form is received while its handler runs. */
export type IncomingForm = FastifyRequest;

/** Injects the request for what reads its form. */
export const IncomingForm = createParamDecorator((_data: unknown, context: ExecutionContext): IncomingForm =>
  context.getArgByIndex<FastifyRequest>(0),
);

/** Whether a handler's request has a form, which isn't read yet, instead of JSON, which is. */
export function hasForm({ body, routeOptions: { config } }: Pick<FastifyRequest, 'body' | 'routeOptions'>): boolean {
  return body instanceof ArrivingBody && takesForm(config);
}
