import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestServer } from '../support/start-app.js';
import { type DocumentedOperation, documentedOperations, OperationClient } from './support/documented-operations.js';
import { expectNoWrites } from './support/expect-no-writes.js';
import { inParallel } from './support/in-parallel.js';

const NAMELESS = ['   ', '\n', '\u200b', '\u3164'];
const NAME = /(^|_)(name|title|label|topic|subject)$/;
/** Fields called name with another grammar, or that may be empty, and why. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  'payload.parameters.[].name': 'of a parameter of an API, as that API has it',
  'workflow_blocks.[].name': 'of a block, as references to its output have it',
  'contact.name': 'optional: without a visible character it becomes null',
  'contacts.[].name': 'optional, as above',
  meta_title: 'optional, as above',
  'post /v1/open/contacts/chatbots/{agent_id} name': 'optional, as above',
  'put /v1/open/contacts/{contact_id}/chatbots/{agent_id} name': 'optional, as above',
  'put /v1/open/contacts/ref/{external_reference_id}/chatbots/{agent_id} name': 'optional, as above',
};

interface Place {
  readonly operation: DocumentedOperation;
  readonly field: string;
  readonly body: (name: string) => object;
}

const PLACES: Place[] = documentedOperations().flatMap((operation) =>
  operation.fields
    .filter(({ path, schema }) => NAME.test(path.at(-1)!) && [schema.type].flat().includes('string'))
    .map(({ path }): Place => {
      return { operation, field: path.join('.'), body: (name) => operation.bodyWith(path, name) };
    }),
);

const server = TestServer.forSuite();
let client: OperationClient;
beforeAll(async () => {
  client = await OperationClient.of(server);
});
afterAll(() => client.close());
expectNoWrites(() => server);

it('a name without a visible character is refused in every name field', async () => {
  const othersOf = ({ operation, field }: Place) =>
    [field, `${operation.name} ${field}`].find((each) => each in OTHER_NAMES);
  const checked = PLACES.filter((place) => othersOf(place) === undefined);
  expect(checked.length).toBeGreaterThan(40);
  expect([...new Set(PLACES.map(othersOf).filter((each) => each !== undefined))].sort()).toEqual(
    Object.keys(OTHER_NAMES).sort(),
  );
  const wrong = await inParallel(checked, async ({ operation, field, body }) => {
    const lines = NAMELESS.map(async (name) => {
      const answer = await client.ask(operation, {}, body(name));
      const isNamed = answer.body.includes(`${field.replaceAll('[]', '0')} must be `);
      // A row of a bulk request fails alone.
      const isRefused =
        answer.status === 400 || /"results":\[\{"index":0,"status":"(?:failed|invalid)"/.test(answer.body);
      return isRefused && isNamed
        ? []
        : [`${operation.name} ${field} ${JSON.stringify(name)}: ${answer.status} ${answer.body.slice(0, 300)}`];
    });
    return (await Promise.all(lines)).flat();
  });
  expect(wrong.flat()).toEqual([]);
});
