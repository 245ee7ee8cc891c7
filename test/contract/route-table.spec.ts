import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serverDocument } from '../../src/programs/generate-docs/api-document.js';
import type { TestServer } from '../support/start-app.js';
import { type ServedRoute, startServer } from './support/served-routes.js';

let server: TestServer;
let routes: ServedRoute[];
beforeAll(async () => {
  ({ server, routes } = await startServer());
});
afterAll(() => server.close());

/** The table and the handlers may name path parameters differently, so only their positions are compared. */
const pattern = (path: string) => path.replace(/\{[^}]*\}|:[^/]+/g, '{}');

/** The agreed routes: `GET /tags/{} org tags:read`. */
const TABLE: readonly string[] = readFileSync(join(import.meta.dirname, 'routes.tsv'), 'utf8')
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((row) => {
    const [method, path, audience, scope] = row.split('\t') as [string, string, string, string];
    return `${method} ${pattern(path)} ${audience} ${scope}`;
  })
  .toSorted();

it('the server has the routes of the table, with their audience and scope, and no others', () => {
  // Except the files of the dashboard and those that browsers request on their own.
  const served = routes
    .filter(({ method, path }) => method !== 'OPTIONS' && !/^\/(dashboard(\/|$)|docs\/)/.test(path))
    .map(
      ({ method, path, policy: { audience, scope = '-' } }) =>
        `${method === 'ALL' ? 'ANY' : method} ${pattern(path)} ${audience} ${scope}`,
    );
  expect(served.toSorted()).toEqual(TABLE);
});

it('the document has the routes of the table, with their audience and scope, and no others', () => {
  const documented = Object.entries(serverDocument().paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { 'x-audience': audience, 'x-scope': scope = '-' }]) => {
      return `${method.toUpperCase()} ${pattern(path)} ${audience} ${scope}`;
    }),
  );
  // OpenAPI has no word for any method, and GitHub defines the form of its reports.
  const inDocument = TABLE.filter((route) => !route.startsWith('ANY ') && !route.includes(' /leaks/github '));
  expect(documented.toSorted()).toEqual(inDocument);
});
