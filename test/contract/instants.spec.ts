import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Schema } from '../../src/core/wire/schema.js';
import { TestServer } from '../support/start-app.js';
import { type DocumentedOperation, documentedOperations, OperationClient } from './support/documented-operations.js';
import { expectNoWrites } from './support/expect-no-writes.js';
import { inParallel } from './support/in-parallel.js';

/** Years 10000 and 0 in UTC, a time that Postgres rounds to year 10000, and Postgres syntax beyond ISO 8601. */
const BEYOND = ['9999-12-31T23:59:59-05:00', '0001-01-01T00:00:00+05:00', '9999-12-31T23:59:59.9999Z', 'infinity'];

interface Place {
  readonly name: string;
  readonly operation: DocumentedOperation;
  /** The name of the field or parameter in errors. */
  readonly field: string;
  readonly query?: string;
  readonly body?: (instant: string) => object;
}

const PLACES: Place[] = documentedOperations().flatMap((operation) => {
  const inQuery = operation.queryParameters
    .filter(({ schema }) => isTime(schema))
    .map(({ name }): Place => ({ operation, name: `${operation.name}?${name}`, field: name, query: name }));
  const inBody = operation.fields
    .filter(({ schema }) => isTime(schema))
    .map(({ path }): Place => {
      const isCondition = path.includes('filter');
      const at = isCondition ? path.slice(0, -1) : path;
      const value = (instant: string) => (isCondition ? between(path.at(-1)!, instant) : instant);
      const body = (instant: string) => operation.bodyWith(at, value(instant));
      return { operation, name: `${operation.name} ${path.join('.')}`, field: path.at(-1)!, body };
    });
  return [...inQuery, ...inBody];
});

/** The only condition of a sequence filter with times. */
function between(end: string, instant: string): object {
  return { type: 'contacts_created_at_between', [end]: instant };
}

function isTime({ format, description }: Schema): boolean {
  return format === 'date-time' || String(description).includes('ISO 8601 instant');
}

const server = TestServer.forSuite();
let client: OperationClient;
beforeAll(async () => {
  client = await OperationClient.of(server);
});
afterAll(() => client.close());
expectNoWrites(() => server);

it('a time outside the years 1 to 9999 (UTC) is 400 in every time field and parameter', async () => {
  expect(PLACES.length).toBeGreaterThan(20);
  const wrong = await inParallel(PLACES, async ({ name, operation, field, query, body }) => {
    const lines = BEYOND.map(async (instant) => {
      const answer = await client.ask(operation, query === undefined ? {} : { [query]: instant }, body?.(instant));
      // An import answers for each row.
      const isRefusal = answer.status === 400 || answer.body.includes('"status":"invalid"');
      const isRefused = isRefusal && answer.body.includes(field) && /years|ISO 8601/.test(answer.body);
      return isRefused ? [] : [`${name} ${instant}: ${answer.status} ${answer.body}`];
    });
    return (await Promise.all(lines)).flat();
  });
  expect(wrong.flat()).toEqual([]);
});

it('every time filter takes a date', async () => {
  // `at` of office hours is a time, and no bound of a period.
  const filters = PLACES.filter(({ query }) => query !== undefined && query !== 'at');
  expect(filters.length).toBeGreaterThan(15);
  const wrong = await inParallel(filters, async ({ name, operation, field, query }) => {
    const answer = await client.ask(operation, { [query!]: '2026-03-15' });
    return answer.status === 200 || !answer.body.includes(`${field} must`) ? [] : [`${name}: ${answer.body}`];
  });
  expect(wrong.flat()).toEqual([]);
});
