import Fastify from 'fastify';
import { serveFastify, setting } from './serve.ts';

/** A route behind the SDK's middleware, which asks Gatehouse about every request. */
const { gatehouse } = (await import(
  `${setting('SDK')}/middleware/fastify.js`
)) as typeof import('../../sdk/src/middleware/fastify.ts');
const app = Fastify();
await app.register(gatehouse, { url: setting('GATEHOUSE'), serviceKey: setting('SERVICE_KEY') });
app.get('/resource-1/:id', async () => ({ ok: true }));

await serveFastify(app);
