import { verify } from 'argon2';
import Fastify from 'fastify';
import { digestOf } from '../dist.ts';
import { openContacts } from './contacts.ts';
import { serveFastify } from './serve.ts';

/** Verifies a secret with argon2 on every request, as is common. */
const contacts = openContacts();
const app = Fastify();
const FIND = `SELECT c.secret_hash, k.scopes FROM key_credentials c JOIN api_keys k ON k.id = c.key_id
  WHERE c.digest = $1 AND k.revoked_at IS NULL`;

app.get<{ Params: { id: string }; Headers: { 'x-api-key': string; 'x-api-secret': string } }>(
  '/contacts/:id',
  async (request, reply) => {
    const { 'x-api-key': key, 'x-api-secret': secret } = request.headers;
    const { rows } = await contacts.pool.query({ name: 'key', text: FIND, values: [digestOf(key)] });
    const isAllowed =
      rows.length === 1 && (await verify(rows[0].secret_hash, secret)) && rows[0].scopes.includes('contacts:read');
    if (!isAllowed) return reply.code(401).send({ error: 'unauthorized' });
    return (await contacts.read(request.params.id)) ?? reply.code(404).send({ error: 'not_found' });
  },
);

await serveFastify(app);
