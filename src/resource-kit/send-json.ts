import type { FastifyReply } from 'fastify';
import type { JsonText } from './resource-service.js';

/** Answers with JSON text as it is. Sent by the handler itself: through Nest's own answer it would take a tenth longer. */
export function sendJson(reply: FastifyReply, text: JsonText): void {
  void reply.header('Content-Type', 'application/json; charset=utf-8').send(text);
}
