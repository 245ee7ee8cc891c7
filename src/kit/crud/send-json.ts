import type { FastifyReply } from 'fastify';
import type { JsonText } from './resource-service.js';

/** Answers with JSON text as it is, past Nest's own answering and its pipes, which cost a hot read 5 % and more. */
export function sendJson(reply: FastifyReply, text: JsonText): void {
  void reply.header('content-type', 'application/json; charset=utf-8').send(text);
}
