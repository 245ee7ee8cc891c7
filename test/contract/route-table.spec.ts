import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serverDocument } from '../../src/docs/api-document.js';
import type { TestServer } from '../support/start-app.js';
import { type ServedRoute, startServer } from './support/served-routes.js';

interface Row {
  /** `GET /tags/{} org tags:read` */
  readonly line: string;
  readonly scope: string;
}

let server: TestServer;
let routes: ServedRoute[];
beforeAll(async () => {
  ({ server, routes } = await startServer());
});
afterAll(() => server.close());

/** Parameters by their position: the table names them for people, the code for its handlers. */
const pattern = (path: string) => path.replace(/\{[^}]*\}|:[^/]+/g, '{}');

/** The routes that were agreed on, of those that are built. */
const TABLE: readonly Row[] = readFileSync(join(import.meta.dirname, 'routes.tsv'), 'utf8')
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((row) => {
    const [method, path, audience, scope] = row.split('\t') as [string, string, string, string];
    return { line: `${method} ${pattern(path)} ${audience} ${scope}`, scope };
  });

/** Without the pages' files, the dashboard and what browsers ask by themselves, which are no API. */
function servedRows(): Row[] {
  return routes
    .filter(({ method, path }) => method !== 'OPTIONS' && !/^\/(dashboard(\/|$)|docs\/)/.test(path))
    .map(({ method, path, policy: { audience, scope = '-' } }) => {
      return { line: `${method} ${pattern(path)} ${audience} ${scope}`, scope };
    });
}

/** The same of the document. */
function documentedRows(): string[] {
  return Object.entries(serverDocument().paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { 'x-audience': audience, 'x-scope': scope = '-' }]) => {
      return `${method.toUpperCase()} ${pattern(path)} ${audience} ${scope}`;
    }),
  );
}

const resourceOf = ({ scope }: Row) => scope.split(':', 1)[0]!;

it('every route of the table is served, with its audience and its scope', () => {
  const served = new Set(servedRows().map(({ line }) => line));
  expect(TABLE.map(({ line }) => line).filter((line) => !served.has(line))).toEqual([]);
});

it('no route is served that the table does not have, but those of a resource that is new to it', () => {
  const lines = new Set(TABLE.map(({ line }) => line));
  const resources = new Set(TABLE.map(resourceOf));
  const strange = servedRows().filter((row) => !lines.has(row.line) && resources.has(resourceOf(row)));
  expect(strange.map(({ line }) => line)).toEqual([]);
});

it('the document has the routes of the table, with their audience and scope, and of other routes only those served', () => {
  const documented = documentedRows();
  const table = TABLE.map(({ line }) => line);
  const served = servedRows().map(({ line }) => line);
  expect({
    'in the table, not in the document': table.filter((line) => !documented.includes(line)),
    'in the document, not served': documented.filter((line) => !served.includes(line)),
  }).toEqual({ 'in the table, not in the document': [], 'in the document, not served': [] });
});

it('the table has each route once', () => {
  const lines = TABLE.map(({ line }) => line);
  expect(lines.filter((line, index) => lines.indexOf(line) !== index)).toEqual([]);
});
