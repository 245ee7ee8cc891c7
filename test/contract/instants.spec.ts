import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { admits, type Audience } from '../../src/access/audience.js';
import { serverDocument } from '../../src/docs/api-document.js';
import type { Schema } from '../../src/wire/schema.js';
import { HttpClient } from '../support/http-client.js';
import type { TestServer } from '../support/start-app.js';
import { CredentialMaker, type Headers, type Kind, KINDS } from './support/credentials.js';
import { examplesOf } from './support/example-body.js';
import { inParallel } from './support/in-parallel.js';
import { bodyWith, fieldsOfSchema } from './support/schema-fields.js';
import { startServer, UNKNOWN_ID } from './support/served-routes.js';
import { changedRows, readTables, type TableRows } from './support/table-rows.js';

/** In UTC, years 10000 and 0; what Postgres rounds to year 10000; what it accepts beyond ISO 8601. */
const BEYOND = ['9999-12-31T23:59:59-05:00', '0001-01-01T00:00:00+05:00', '9999-12-31T23:59:59.9999Z', 'infinity'];

interface Place {
  readonly name: string;
  readonly audience: Audience;
  readonly method: string;
  readonly path: string;
  /** The field or parameter, as an error names it. */
  readonly field: string;
  readonly query?: string;
  readonly body?: (instant: string) => object;
}

const DOCUMENT = serverDocument();
const SCHEMAS = DOCUMENT.components.schemas as unknown as Readonly<Record<string, Schema>>;

const PLACES: Place[] = Object.entries(DOCUMENT.paths).flatMap(([template, methods]) =>
  Object.entries(methods).flatMap(([method, operation]) => {
    const route = { method: method.toUpperCase(), path: template, audience: operation['x-audience'] as Audience };
    const parameters = (operation.parameters ?? []) as { name: string; in: string; schema: Schema }[];
    const inQuery = parameters
      .filter((parameter) => parameter.in === 'query' && isTime(parameter.schema))
      .map(({ name }): Place => ({ ...route, name: `${method} ${template}?${name}`, field: name, query: name }));
    const { content } = (operation.requestBody ?? {}) as { content?: Record<string, { schema: Schema }> };
    const schema = content?.['application/json']?.schema ?? {};
    const [least] = examplesOf(schema, SCHEMAS) as object[];
    const inBody = fieldsOfSchema(schema, SCHEMAS)
      .filter(({ schema }) => isTime(schema))
      .map(({ path }): Place => {
        const value = (instant: string) => (path.includes('filter') ? between(path.at(-1)!, instant) : instant);
        const at = path.includes('filter') ? path.slice(0, -1) : path;
        const body = (instant: string) => ({ ...least, ...bodyWith(at, value(instant)) });
        return { ...route, name: `${method} ${template} ${path.join('.')}`, field: path.at(-1)!, body };
      });
    return [...inQuery, ...inBody];
  }),
);

/** The one condition of a sequence's filter that has times. */
function between(end: string, instant: string): object {
  return { type: 'contacts_created_at_between', [end]: instant };
}

function isTime({ format, description }: Schema): boolean {
  return format === 'date-time' || String(description).includes('ISO 8601 instant');
}

let server: TestServer;
let credentials: [Kind, Headers][];
let places: Record<string, string>;
let before: TableRows;
const client = new HttpClient();

beforeAll(async () => {
  ({ server } = await startServer());
  const maker = await CredentialMaker.prepare(server);
  places = await maker.placesOf();
  credentials = await inParallel(Object.keys(KINDS) as Kind[], async (kind) => [kind, await maker.good(kind)]);
});
afterAll(async () => {
  client.close();
  await server.close();
});
beforeEach(async () => {
  before = await readTables(server);
});
afterEach(async () => {
  expect(changedRows(before, await readTables(server))).toEqual([]);
});

it('a time outside the years 1 to 9999 (UTC) is 400 in every body and query that takes one', async () => {
  expect(PLACES.length).toBeGreaterThan(20);
  const wrong = await inParallel(PLACES, async ({ name, audience, method, path, field, query, body }) => {
    const headers = credentials.find(([kind]) => admits(audience, KINDS[kind]))![1];
    const target = path.replace(/\{(\w+)\}/g, (_, parameter: string) => places[parameter] ?? UNKNOWN_ID);
    const lines = BEYOND.map(async (instant) => {
      const answer = await client.ask(server.url, {
        method,
        path: query === undefined ? target : `${target}?${new URLSearchParams({ [query]: instant })}`,
        headers: { ...headers, 'X-Requested-With': 'gatehouse' },
        ...(body && { body: body(instant) }),
      });
      const isRefused = answer.status === 400 && answer.body.includes(field) && /years|ISO 8601/.test(answer.body);
      return isRefused ? [] : [`${name} ${instant}: ${answer.status} ${answer.body}`];
    });
    return (await Promise.all(lines)).flat();
  });
  expect(wrong.flat()).toEqual([]);
});
