import Fastify from 'fastify';
import { uuidV7 } from '../dist.ts';
import { openContacts } from './contacts.ts';
import { profileFrom } from './profile.ts';
import { serveFastify, setting } from './serve.ts';

/** The baseline: the same routes without authentication. */
const contacts = openContacts();
const whoami = profileFrom(setting('PROFILE'));
const app = Fastify();

app.get<{ Params: { id: string } }>('/contacts/:id', async (request, reply) => {
  const contact = await contacts.read(request.params.id);
  return contact ?? reply.code(404).send({ error: 'not_found' });
});
app.get<{ Querystring: { limit: string } }>('/contacts', async (request) => contacts.page(Number(request.query.limit)));
app.post<{ Body: { contact: { email?: string; phone?: string; name?: string } } }>(
  '/contacts',
  async (request, reply) => {
    reply.code(201);
    return contacts.insert(uuidV7(), request.body.contact);
  },
);
app.get('/whoami', async () => whoami());

await serveFastify(app);
