import Fastify from 'fastify';
import { serveFastify, setting } from './serve.ts';

/** Answers 200 with the headers that it is given, without looking at the request. */
const headers = JSON.parse(setting('HEADERS')) as Record<string, string>;
const app = Fastify();
app.all('/v1/forward-auth/billing', (_request, reply) => {
  void reply.headers(headers).send();
});

await serveFastify(app);
