import { apiKey } from '@better-auth/api-key';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import Fastify from 'fastify';
import { openContacts } from './contacts.ts';
import { serveFastify, setting } from './serve.ts';

/** The same read behind the api-key plugin of better-auth, set up as documented, with a limit that is not reached. */
const contacts = openContacts();
const auth = betterAuth({
  secret: 'bench-bench-bench-bench-bench-bench',
  baseURL: 'http://127.0.0.1',
  database: contacts.pool,
  emailAndPassword: { enabled: true },
  logger: { disabled: true },
  telemetry: { enabled: false },
  plugins: [apiKey({ rateLimit: { enabled: true, timeWindow: 60_000, maxRequests: 1_000_000_000 } })],
});
await (await getMigrations(auth.options)).runMigrations();
const { user } = await auth.api.signUpEmail({
  body: { email: 'bench@example.com', password: 'bench-bench', name: 'Bench' },
});
const keys: string[] = [];
for (let count = 0; count < Number(setting('KEYS')); count++) {
  const { key } = await auth.api.createApiKey({ body: { userId: user.id, permissions: { contacts: ['read'] } } });
  keys.push(key);
}

const isValid = async (key: string) => {
  const { valid } = await auth.api.verifyApiKey({ body: { key, permissions: { contacts: ['read'] } } });
  return valid;
};

const app = Fastify();
app.get<{ Params: { id: string }; Headers: { 'x-api-key': string } }>('/contacts/:id', async (request, reply) => {
  if (!(await isValid(request.headers['x-api-key']))) return reply.code(401).send({ error: 'unauthorized' });
  return (await contacts.read(request.params.id)) ?? reply.code(404).send({ error: 'not_found' });
});
/** Verifies and reads nothing. */
app.get<{ Headers: { 'x-api-key': string } }>('/checked', async (request, reply) =>
  (await isValid(request.headers['x-api-key'])) ? { ok: true } : reply.code(401).send({ error: 'unauthorized' }),
);
/** The keys for the bench. */
app.get('/keys', async () => keys);

await serveFastify(app);
