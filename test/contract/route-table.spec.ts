import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestServer } from '../support/start-app.js';
import { type ServedRoute, startServer } from './support/served-routes.js';

const TABLE = readFileSync(join(import.meta.dirname, 'routes.tsv'), 'utf8');

let server: TestServer;
let routes: ServedRoute[];
beforeAll(async () => {
  ({ server, routes } = await startServer());
});
afterAll(() => server.close());

// The dashboard's pages and files are no API: they change with every build of it.
const isOfDashboard = ({ path }: ServedRoute) => path === '/dashboard' || path.startsWith('/dashboard/');

/** Parameters by their position: the table names them for people, the code for its handlers. */
const pattern = (path: string) => path.replace(/\{[^}]*\}|:[^/]+/g, '{}');

/** `GET /tags/{} org tags:read` */
function tableLines(): string[] {
  const [, ...rows] = TABLE.trimEnd().split('\n');
  return rows.map((row) => {
    const [method, path, audience, scope] = row.split('\t') as [string, string, string, string];
    return `${method} ${pattern(path)} ${audience} ${scope}`;
  });
}

function servedLines(): string[] {
  return routes
    .filter((route) => !isOfDashboard(route))
    .map(({ method, path, policy }) => `${method} ${pattern(path)} ${policy.audience} ${policy.scope ?? '-'}`);
}

it('serves every route of the table, with its audience and its scope', () => {
  const served = new Set(servedLines());
  expect(tableLines().filter((line) => !served.has(line))).toEqual([]);
});

it('serves no route that the table does not have', () => {
  const table = new Set(tableLines());
  expect(servedLines().filter((line) => !table.has(line))).toEqual([]);
});

it('has each route once', () => {
  const lines = tableLines();
  expect(lines.filter((line, index) => lines.indexOf(line) !== index)).toEqual([]);
});
