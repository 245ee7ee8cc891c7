import { describe, expect, it } from 'vitest';
import { EXAMPLE_CATALOGUE } from '../../src/example-catalogue.js';
import { REFUSAL_EXAMPLES } from '../../src/operations/openapi/refusal-examples.js';
import { REFUSALS } from '../../src/operations/openapi/refusals.js';
import { withExamples } from '../../src/operations/openapi/with-examples.js';
import { serverDocument } from '../../src/programs/generate-docs/api-document.js';
import { wrongExamplesOf } from '../support/documented-answers.js';
import { report } from '../support/report.js';
import { SqlCount } from '../support/sql-count.js';
import { factsOf } from '../support/tenant-statements.js';
import { until } from '../support/until.js';
import { exampleCalls } from './support/example-calls.js';
import { inOrder } from './support/example-order.js';
import { openStream, sendExample } from './support/example-requests.js';
import { boundValue, withValues } from './support/example-values.js';
import { exampleServer, exampleWorld } from './support/example-world.js';
import { KEPT_IN_ONE_PLACE, WITHOUT_ORG } from './support/tables-of-tenants.js';

const DOCUMENT = serverDocument();
const { missing, book } = withExamples(DOCUMENT, EXAMPLE_CATALOGUE);
/** The request log is written once a second. */
const FILLED = { everyMs: 200 };
const HOW = 'CONTRIBUTING.md, "Examples of a route", tells how to add it';

describe('the examples of the API document', () => {
  it('give each operation its parameters, a request and a response', () => {
    expect(missing.map((sentence) => `${sentence}. ${HOW}.`)).toEqual([]);
  });

  it('match their schemas, without undeclared fields', () => {
    expect(wrongExamplesOf(DOCUMENT)).toEqual([]);
  });

  it('are of schemas, paths and operations that exist', () => {
    const operations = Object.values(DOCUMENT.paths).flatMap((methods) => Object.values(methods));
    const ids = new Set(operations.map(({ operationId }) => operationId));
    const templates = Object.keys(DOCUMENT.paths).map((template) => `${template}/`);
    const strange = [
      ...book.names.schemas.filter((name) => !(name in DOCUMENT.components.schemas)),
      ...book.names.paths.filter((path) => !templates.some((template) => template.startsWith(`${path}/`))),
      ...book.names.operations.filter((id) => !ids.has(id)),
    ];
    expect(strange).toEqual([]);
  });

  it('show each error response', () => {
    expect(Object.keys(REFUSAL_EXAMPLES)).toEqual(Object.keys(REFUSALS));
  });
});

describe('a server', () => {
  const server = exampleServer();
  let statements: readonly string[] = [];

  it('accepts the example request of every operation, and answers as documented', async () => {
    const { values: given, headers } = await exampleWorld(server());
    const values = new Map(given);
    const problems: string[] = [];
    const sql = SqlCount.start();
    for (const call of inOrder(exampleCalls(DOCUMENT), [...given.keys()])) {
      const { makes, answer: _, ...asked } = call;
      const request = { ...call, ...withValues(asked, (name) => values.get(name)) };
      const name = `${call.operationId} (${call.method} ${call.template})`;
      const credential = headers.get(call.audience) ?? {};
      if (call.isStream) {
        const opened = await openStream(server().url, request, credential);
        if (opened !== '200 text/event-stream') problems.push(`${name}: ${opened}`);
        continue;
      }
      const send = async () => {
        const { status, text, body } = await sendExample(server().url, request, credential);
        if (status >= 400) throw new Error(`${status} ${text}`);
        return makes.map((binding) => [binding.name, boundValue(binding, body)] as const);
      };
      const isWhole = (found: Awaited<ReturnType<typeof send>>) => found.every(([, value]) => value !== undefined);
      try {
        let found = await send();
        // A list may show a row only later, such as an entry of the request log.
        if (call.method === 'GET')
          await until(
            makes.map(({ name: each }) => `a ${each}`).join(),
            async () => isWhole(found) || isWhole((found = await send())),
            FILLED,
          );
        if (!isWhole(found)) throw new Error(`its answer lacks ${makes.map(({ keys }) => keys.join('.')).join(', ')}`);
        for (const [made, value] of found) values.set(made, value!);
      } catch (error) {
        problems.push(`${name}: ${(error as Error).message}`);
      }
    }
    sql.stop();
    statements = [...new Set(sql.statements)];
    expect(problems).toEqual([]);
  });

  it('names the org in each statement on the rows of tenants', async () => {
    const { rows } = await server().owner.query<{ table: string }>(
      `SELECT table_name AS "table" FROM information_schema.columns WHERE column_name = 'org_id' AND table_schema = current_schema()`,
    );
    const tables = new Set(rows.map(({ table }) => table));
    expect(Object.keys(KEPT_IN_ONE_PLACE).filter((table) => !tables.has(table))).toEqual([]);
    for (const table of Object.keys(KEPT_IN_ONE_PLACE)) tables.delete(table);

    const uses = statements.flatMap((statement) =>
      factsOf(statement, tables).uses.map((use) => ({ ...use, statement: statement.replaceAll(/\s+/g, ' ') })),
    );
    const withoutOrg = uses.filter(({ restriction }) => restriction === 'none');
    const isExcepted = ({ table, statement }: (typeof uses)[number]) =>
      WITHOUT_ORG.some((each) => each.table === table && statement.includes(each.statement));
    const unused = WITHOUT_ORG.filter(
      (each) => !withoutOrg.some((use) => each.table === use.table && use.statement.includes(each.statement)),
    );
    expect(unused).toEqual([]);
    expect(
      withoutOrg.filter((use) => !isExcepted(use)).map(({ table, statement }) => `${table}: ${statement}`),
    ).toEqual([]);

    const count = (restriction: string) => uses.filter((use) => use.restriction === restriction).length;
    const returning = statements.filter((each) => factsOf(each, tables).functionsInReturning.length > 0);
    report('what a distributed database would need', {
      tables: tables.size,
      'uses of a table with the org as a constant': count('constant'),
      'with the org of another table': count('joined'),
      'without the org': withoutOrg.length,
      'statements with functions in RETURNING': returning.length,
    });
  });
});
