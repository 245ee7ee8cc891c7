import Fastify from 'fastify';
import { built } from '../dist.ts';
import { serveFastify, setting } from './serve.ts';

/** The true limit: bare Fastify with our own reading, the JSON made by Postgres over pipelining connections. */
const { Database } = await built<typeof import('../../src/core/database/database.ts')>('core/database/database.js');
const { ENTITIES } = await built<typeof import('../../src/entities.ts')>('entities.js');
const { Contacts } = await built<typeof import('../../src/resources/directory/contacts/contacts.service.ts')>(
  'resources/directory/contacts/contacts.service.js',
);
const { DomainEventBus } = await built<typeof import('../../src/kit/domain-events/domain-event-bus.ts')>(
  'kit/domain-events/domain-event-bus.js',
);
type Reader = Parameters<InstanceType<typeof Contacts>['read']>[0];

const url = setting('DATABASE_URL');
const settings = {
  databaseUrl: url,
  databaseDirectUrl: url,
  databaseOwnerUrl: undefined,
  databasePoolSize: Number(setting('POOL_SIZE')),
  databaseStatementTimeoutMs: 3_000,
  databaseFastLane: 'on' as const,
  dataDir: '',
};
const database = await Database.open(settings, ENTITIES, () => undefined);
const contacts = new Contacts(database, new DomainEventBus(database));
// All that reading asks of who calls.
const reader = { orgId: setting('ORG_ID') } as Reader;
const app = Fastify();

app.get<{ Params: { id: string } }>('/contacts/:id', async (request, reply) => {
  const { text } = await contacts.read(reader, request.params.id);
  return reply.header('Content-Type', 'application/json; charset=utf-8').send(text);
});
app.get<{ Querystring: { limit: string } }>('/contacts', async (request, reply) => {
  const { text } = await contacts.list(reader, { shape: 0, values: [request.query.limit] });
  return reply.header('Content-Type', 'application/json; charset=utf-8').send(text);
});

await serveFastify(app);
