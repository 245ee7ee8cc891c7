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

const NAMELESS = ['   ', '\n', '\u200b', '\u3164'];
const NAME = /(^|_)(name|title|label|topic|subject)$/;
/** What is called a name and has another grammar, or may be empty, and why. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  'payload.parameters.[].name': 'of a parameter of an API, as that API has it',
  'workflow_blocks.[].name': 'of a block, as references to its output have it',
  'contact.name': 'optional: without a visible character it becomes null',
  meta_title: 'optional, as above',
  'post /v1/open/contacts/chatbots/{agent_id} name': 'optional, as above',
  'put /v1/open/contacts/{contact_id}/chatbots/{agent_id} name': 'optional, as above',
  'put /v1/open/contacts/ref/{external_reference_id}/chatbots/{agent_id} name': 'optional, as above',
};

interface Place {
  readonly audience: Audience;
  readonly method: string;
  readonly template: string;
  readonly field: string;
  readonly body: (name: string) => object;
}

const DOCUMENT = serverDocument();
const SCHEMAS = DOCUMENT.components.schemas as unknown as Readonly<Record<string, Schema>>;
const PLACES: Place[] = Object.entries(DOCUMENT.paths).flatMap(([template, methods]) =>
  Object.entries(methods).flatMap(([method, operation]) => {
    const { content } = (operation.requestBody ?? {}) as { content?: Record<string, { schema: Schema }> };
    const schema = content?.['application/json']?.schema ?? {};
    const [least] = examplesOf(schema, SCHEMAS) as object[];
    const audience = operation['x-audience'] as Audience;
    return fieldsOfSchema(schema, SCHEMAS)
      .filter(({ path, schema: field }) => NAME.test(path.at(-1)!) && [field.type].flat().includes('string'))
      .map(({ path }): Place => {
        const body = (name: string) => ({ ...least, ...bodyWith(path, name) });
        return { audience, method, template, field: path.join('.'), body };
      });
  }),
);

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

it('a name without a visible character is 400 in every body that takes a name', async () => {
  const others = ({ method, template, field }: Place) =>
    [field, `${method} ${template} ${field}`].find((each) => each in OTHER_NAMES);
  const checked = PLACES.filter((place) => others(place) === undefined);
  expect(checked.length).toBeGreaterThan(40);
  expect([...new Set(PLACES.map(others).filter((each) => each !== undefined))].sort()).toEqual(
    Object.keys(OTHER_NAMES).sort(),
  );
  const wrong = await inParallel(checked, async ({ audience, method, template, field, body }) => {
    const headers = credentials.find(([kind]) => admits(audience, KINDS[kind]))![1];
    const path = template.replace(/\{(\w+)\}/g, (_, parameter: string) => places[parameter] ?? UNKNOWN_ID);
    const lines = NAMELESS.map(async (name) => {
      const sent = { method: method.toUpperCase(), path, headers: { ...headers, 'X-Requested-With': 'gatehouse' } };
      const answer = await client.ask(server.url, { ...sent, body: body(name) });
      const isNamed = answer.body.includes(`${field.replaceAll('[]', '0')} must be `);
      return answer.status === 400 && isNamed
        ? []
        : [`${method} ${template} ${field} ${JSON.stringify(name)}: ${answer.status} ${answer.body.slice(0, 300)}`];
    });
    return (await Promise.all(lines)).flat();
  });
  expect(wrong.flat()).toEqual([]);
});
