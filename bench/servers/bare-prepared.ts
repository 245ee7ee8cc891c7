import Fastify from 'fastify';
import { built } from '../dist.ts';
import { serveFastify, setting } from './serve.ts';

/** The true limit: bare Fastify with our own reading, the JSON made by Postgres over pipelining connections. */
const { Database } = await built<typeof import('../../src/database/database.ts')>('database/database.js');
const { ENTITIES } = await built<typeof import('../../src/entities.ts')>('entities.js');
const { pageSql, rowAsJson } =
  await built<typeof import('../../src/resource-kit/wire-sql.ts')>('resource-kit/wire-sql.js');

const org = setting('ORG_ID');
const url = setting('DATABASE_URL');
const database = await Database.open(
  { databaseUrl: url, databaseDirectUrl: url, databasePoolSize: Number(setting('POOL_SIZE')), dataDir: '' },
  ENTITIES,
  () => undefined,
);
const metadata = database.dataSource.getMetadata('contacts');
const row = rowAsJson(metadata);
const read = database.reads.prepare('contact', `SELECT ${row} FROM contacts WHERE id = $1 AND org_id = $2`);
const page = database.reads.prepare('page', pageSql(metadata, row, false, []));
const app = Fastify();

app.get<{ Params: { id: string } }>('/contacts/:id', async (request, reply) => {
  const text = await read.text([request.params.id, org]);
  if (text == null) return reply.code(404).send({ error: 'not_found' });
  return reply.header('Content-Type', 'application/json; charset=utf-8').send(text);
});
app.get<{ Querystring: { limit: string } }>('/contacts', async (request, reply) => {
  const text = await page.text([org, request.query.limit]);
  return reply.header('Content-Type', 'application/json; charset=utf-8').send(text);
});

await serveFastify(app);
