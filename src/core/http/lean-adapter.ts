import { Readable } from 'node:stream';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { fastify, type FastifyHttpOptions, type FastifyReply, type RawServerDefault } from 'fastify';
import { Answer } from '../wire/answer.js';
import { WireJson } from '../wire/wire-json.js';

const JSON_TYPE = 'application/json; charset=utf-8';
/** In characters. */
const LONG_TEXT = 65_536;

/**
 * Nest's Fastify adapter without its hooks for CORS, CSRF, route versions and middleware. This server uses none of them,
 * and they take 5% of the time of a request without SQL. To use one of these features, use the stock adapter.
 */
export function leanAdapter(options: FastifyHttpOptions<RawServerDefault>): FastifyAdapter {
  const instance = fastify(options);
  const { addHook } = instance;
  // The adapter's constructor adds the hooks.
  instance.addHook = () => instance;
  const adapter = new LeanAdapter(Object.assign(instance, { skipMiddie: true }));
  instance.addHook = addHook;
  return adapter;
}

/** Sends what handlers return. */
class LeanAdapter extends FastifyAdapter {
  override reply(reply: FastifyReply, answer: unknown, status?: number) {
    if (answer instanceof WireJson) return sendJson(reply, answer);
    return answer instanceof Answer ? sendAnswer(reply, answer) : super.reply(reply, answer, status);
  }
}

/** As bytes, if it is long: Node takes several times as long to write a text of megabytes, and other requests wait meanwhile. */
function sendJson(reply: FastifyReply, { text }: WireJson<unknown>) {
  return reply.header('content-type', JSON_TYPE).send(text.length > LONG_TEXT ? Buffer.from(text) : text);
}

/** Not by Nest, which ends the response of a stream that failed as if it were whole. */
function sendAnswer(reply: FastifyReply, { body, options: { status, headers } }: Answer) {
  if (status !== undefined) reply.status(status);
  if (headers !== undefined) reply.headers(headers);
  if (body instanceof WireJson) return sendJson(reply, body);
  if (!(body instanceof Readable) || reply.request.method !== 'HEAD') return reply.send(body);
  // Fastify would read all of it to send nothing.
  body.destroy();
  return reply.send(Readable.from([]));
}
